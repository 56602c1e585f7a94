import { z } from 'zod';
import { mostBlocks } from '../paths/limits.js';
import { text } from '../text.js';
import { type Branch, branchFrom } from './branches.js';
import type { Remark } from './fault.js';
import { identityOf } from './objects.js';
import { type Parsed, parseJson } from './source.js';

const identifier = z.union([z.string().trim().min(1), z.number()], 'is missing, or is not text').transform(String);

/** Maximum number of nodes of a path. */
const mostNodes = 500;

const transition = z.object({
  default: z.boolean().default(false),
  condition: z.unknown().optional(),
  next: z.object({ hruid: identifier, version: identifier, language: z.string() }),
});

const node = z.object({
  learningobject_hruid: identifier,
  version: identifier,
  language: z.string(),
  start_node: z.boolean().default(false),
  transitions: z.array(transition).max(mostNodes, `must contain at most ${mostNodes} transitions`).default([]),
});
export type Node = z.output<typeof node>;

const learningPath = z.object({
  hruid: identifier,
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/, 'must be a language code like nl'),
  title: text(200).min(1, 'must not be empty'),
  description: text(5000).nullish(),
  nodes: z.array(node).min(1, 'must contain at least one node').max(mostNodes, `must contain at most ${mostNodes} nodes`),
});

export interface LearningPath {
  file: string;
  /** `hruid/language`; the file name may differ. */
  identity: string;
  title: string;
  description: string;
  language: string;
  /** Identities of the path's objects, in order. */
  objects: string[];
  /** For each object, the numbers of the branch and the way that it is in; null: none. */
  places: ({ branch: number; way: number } | null)[];
  /** For each branch and way, the object to which it leads. */
  branches: string[][];
}

/** Reads one file. Remarks say where ways, and conditions of ways, are not kept. */
export function readPath(file: string, content: string): Parsed<{ path: LearningPath; remarks: Remark[] }> {
  const parsed = parseJson(file, content, learningPath);
  if ('faults' in parsed) return parsed;
  const { hruid, language, title, description, nodes } = parsed.value;
  const line = straighten(nodes);
  const path = {
    file,
    identity: `${hruid}/${language}`,
    title,
    description: description ?? '',
    language,
    objects: line.nodes.map(nameOfNode),
    places: line.nodes.map((each) => line.places.get(each) ?? null),
    branches: line.branches.map(({ ways }) => ways.map(({ towards }) => nameOfNode(towards))),
  };
  return { value: { path, remarks: line.remarks.map((message) => ({ file, message })) } };
}

/** A line with its branches. */
interface Line {
  nodes: Node[];
  /** By node in a way of a branch, the numbers of the branch and of the way. */
  places: Map<Node, { branch: number; way: number }>;
  branches: Branch<Node>[];
  remarks: string[];
}

/**
 * Follows the transitions from the start. Where a node leads to several, the ways are kept if they are a branch ({@link branchFrom}); else
 * the default transition is followed, and nodes that are only reachable otherwise are left out. If a transition leads to an object that is
 * not a node of the path (an author's mistake), continues with the next unvisited node in the file.
 */
export function straighten(nodes: readonly Node[]): Line {
  const remarks: string[] = [];
  const byName = new Map<string, Node>();
  for (const each of nodes) {
    if (byName.has(nameOfNode(each))) remarks.push(`node ${nameOfNode(each)} is there twice; the first one counts`);
    else byName.set(nameOfNode(each), each);
  }
  const starts = nodes.filter((each) => each.start_node);
  if (starts.length !== 1)
    remarks.push(`${starts.length} start nodes; began with ${nameOfNode(starts[0] ?? (nodes[0] as Node))}`);

  const line: Node[] = [];
  const places: Line['places'] = new Map();
  const branches: Branch<Node>[] = [];
  const next = (from: Node): Node[] => [...new Set(from.transitions.flatMap((each) => byName.get(nameOfNext(each)) ?? []))];
  let current: Node | undefined = starts[0] ?? nodes[0];
  while (current !== undefined) {
    line.push(current);
    const branch: Branch<Node> | null =
      branches.length < mostBlocks ? branchFrom(current, next, (node) => line.includes(node)) : null;
    if (branch === null) {
      current = following(current, line, byName, remarks);
      continue;
    }
    remarks.push(
      `${nameOfNode(current)} leads to ${current.transitions.map(wayOf).join(' and ')}: the teacher chooses for each pupil`,
    );
    branch.ways.forEach((way, index) => {
      for (const node of way.nodes) places.set(node, { branch: branches.length, way: index });
      line.push(...way.nodes);
    });
    branches.push(branch);
    current = branch.onward;
  }
  for (const left of byName.values()) {
    if (!line.includes(left)) remarks.push(`node ${nameOfNode(left)} is on a branch and was left out`);
  }
  return { nodes: line, places, branches, remarks };
}

const wayOf = (each: z.output<typeof transition>): string => `${nameOfNext(each)}${conditionOf(each)}`;

function following(from: Node, line: readonly Node[], byName: ReadonlyMap<string, Node>, remarks: string[]): Node | undefined {
  const chosen = from.transitions.find((each) => each.default) ?? from.transitions[0];
  for (const other of from.transitions) {
    if (other !== chosen)
      remarks.push(`branch from ${nameOfNode(from)} to ${nameOfNext(other)}${conditionOf(other)} not imported`);
  }
  if (chosen === undefined) return undefined;
  if (conditionOf(chosen) !== '') remarks.push(`${conditionOf(chosen).trim()} on the way from ${nameOfNode(from)} not imported`);
  const next = byName.get(nameOfNext(chosen));
  if (next === undefined) {
    const onward = [...byName.values()].find((each) => !line.includes(each) && isAfter(each, from, byName));
    const remedy = onward ? `went on with ${nameOfNode(onward)}, the next one in the file` : 'the path ends there';
    remarks.push(`${nameOfNode(from)} leads to ${nameOfNext(chosen)}, which is not a node of the path; ${remedy}`);
    return onward;
  }
  if (line.includes(next)) {
    remarks.push(`${nameOfNode(from)} leads back to ${nameOfNode(next)}; the path ends there`);
    return undefined;
  }
  return next;
}

function isAfter(node: Node, other: Node, byName: ReadonlyMap<string, Node>): boolean {
  const order = [...byName.values()];
  return order.indexOf(node) > order.indexOf(other);
}

const nameOfNode = (each: Node): string => identityOf(each.learningobject_hruid, each.language, each.version);
const nameOfNext = ({ next }: z.output<typeof transition>): string => identityOf(next.hruid, next.language, next.version);

const conditionOf = ({ condition }: z.output<typeof transition>): string =>
  condition === undefined || condition === null || condition === '' || condition === true
    ? ''
    : ` (condition ${JSON.stringify(condition)})`;
