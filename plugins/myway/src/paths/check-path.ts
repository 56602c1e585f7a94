import type { Sequence } from './model.js';
import type { Arm, Block, BranchBlock, QuizQuestion, StepContent, StepKind } from './structure.js';
import { outermostOf, wayOf } from './ways.js';

/** A step as its path is written: `key` is what `after` and branches call it. */
export interface WrittenStep {
  key: string;
  required: boolean;
  available: boolean;
  /** It is not available for want of a licence. */
  noLicence?: boolean;
  /** Its maker may open it, and some of their pupils not, for want of a seat. */
  notForPupils?: boolean;
  /** The website behind its link did not answer several times in a row. */
  linkBroken?: boolean;
  teacherOnly: boolean;
  kind: StepKind | null;
  content: StepContent | null;
  after: readonly string[];
  block: string | null;
  arm: string | null;
}

export interface WrittenPath {
  sequence: Sequence;
  steps: readonly WrittenStep[];
  blocks: readonly Block[];
}

const errors = {
  'unknown-step': 'A step is named here that is not in the path.',
  'unknown-block': 'The path has no such block.',
  'unknown-arm': 'A step of a branch is in one of its ways; a step of another block is in none.',
  'choice-in-choice':
    'A choice stands on the line or in a way of a branch: not in another choice, nor in a way in which the pupil chooses already.',
  twice: 'Two blocks, or two ways of a branch, have the same id.',
  'block-split': 'The steps of a block, and those of each of its ways, follow each other.',
  'branch-own-step': 'A branch cannot depend on one of its own steps.',
  'branch-needs-step': 'A branch on score or on what is done names a step; one that the teacher chooses names none.',
  'arms-order': 'On score, the ways begin at 0 and each at a higher score; on what is done, there are two.',
  'no-right-answer': 'A question needs an option that is right and one that is not.',
  cycle: 'These steps wait for each other.',
} as const;

export type FaultCode =
  | keyof typeof errors
  | 'unavailable'
  | 'no-licence'
  | 'not-for-pupils'
  | 'link-broken'
  | 'teacher-only'
  | 'block-empty'
  | 'choice-too-many'
  | 'unreachable';

/** Something in a path that its maker should know. Paths with errors are not stored. */
export interface PathFault {
  code: FaultCode;
  isError: boolean;
  /** In English, of errors only. */
  message: string;
  /** Key of the step, or id of the block, that it is about. */
  step?: string;
  block?: string;
}

/** Checks a path as it is written: first what is wrong, then what pupils would not reach. */
export function checkPath(path: WrittenPath): PathFault[] {
  const wrong = [...blockErrors(path), ...stepErrors(path)];
  if (wrong.length > 0) return wrong;
  const cycle = cycleOf(path);
  if (cycle.length > 0) return cycle.map((step) => error('cycle', { step }));
  return warningsOf(path);
}

type Place = Pick<PathFault, 'step' | 'block'>;
const error = (code: keyof typeof errors, place: Place): PathFault => ({ code, isError: true, message: errors[code], ...place });
const warning = (code: FaultCode, place: Place): PathFault => ({ code, isError: false, message: '', ...place });

const branchesOf = ({ blocks }: WrittenPath): BranchBlock[] => blocks.filter((block) => block.kind === 'branch');

function blockErrors(path: WrittenPath): PathFault[] {
  const found: PathFault[] = [];
  const seen = new Set<string>();
  for (const block of path.blocks) {
    const place = { block: block.id };
    if (seen.has(block.id)) found.push(error('twice', place));
    seen.add(block.id);
    if (isSplit(path, block)) found.push(error('block-split', place));
    if (block.kind === 'choice') {
      const { within } = block;
      const branch = path.blocks.find(({ id }) => id === within?.block);
      const way = branch?.kind === 'branch' ? branch.arms.find(({ id }) => id === within?.arm) : undefined;
      if (within !== undefined && (way === undefined || way.pick !== undefined)) found.push(error('choice-in-choice', place));
      continue;
    }
    const { arms, on, step } = block;
    if (new Set(arms.map(({ id }) => id)).size < arms.length) found.push(error('twice', place));
    if ((on === 'teacher') !== (step === null)) found.push(error('branch-needs-step', place));
    const named = path.steps.find(({ key }) => key === step);
    if (step !== null && named === undefined) found.push(error('unknown-step', place));
    if (named !== undefined && isIn(path, named, block)) found.push(error('branch-own-step', place));
    const ascending = arms.every(({ from }, index) => (index === 0 ? from === 0 : from > (arms[index - 1]?.from ?? 0)));
    if (on === 'score' ? !ascending : on === 'done' && arms.length !== 2) found.push(error('arms-order', place));
  }
  return found;
}

/** Whether a step is in a block, directly or in a choice of one of its ways. */
const isIn = ({ blocks }: WrittenPath, step: WrittenStep, { id }: Block): boolean =>
  step.block === id || wayOf(step, blocks)?.block === id;

function isSplit(path: WrittenPath, block: Block): boolean {
  const places = path.steps.flatMap((step, index) =>
    isIn(path, step, block) ? [{ index, arm: wayOf(step, path.blocks)?.arm ?? null }] : [],
  );
  const together = places.every(({ index }, nth) => index === (places[0]?.index ?? 0) + nth);
  const runs = places.filter(({ arm }, nth) => nth === 0 || arm !== places[nth - 1]?.arm).map(({ arm }) => arm);
  return !together || new Set(runs).size < runs.length;
}

function stepErrors({ steps, blocks }: WrittenPath): PathFault[] {
  const keys = new Set(steps.map(({ key }) => key));
  return steps.flatMap((step) => {
    const place = { step: step.key };
    const found: PathFault[] = [];
    if (step.after.some((key) => !keys.has(key))) found.push(error('unknown-step', place));
    const block = blocks.find(({ id }) => id === step.block);
    if (step.block !== null && block === undefined) found.push(error('unknown-block', place));
    const fits = block?.kind === 'branch' ? block.arms.some(({ id }) => id === step.arm) : step.arm === null;
    if (!fits) found.push(error('unknown-arm', place));
    if (step.content?.kind === 'quiz' && !step.content.questions.every(canBeAnswered))
      found.push(error('no-right-answer', place));
    return found;
  });
}

const canBeAnswered = (question: QuizQuestion): boolean =>
  question.kind !== 'choice' || (question.options.some(({ right }) => right) && question.options.some(({ right }) => !right));

/** The steps of the first circle of steps that wait for each other; none if there is no circle. */
function cycleOf(path: WrittenPath): string[] {
  const waitsFor = new Map(path.steps.map((step, index) => [step.key, awaited(path, step, index)]));
  const finished = new Set<string>();
  const visit = (key: string, trail: readonly string[]): string[] => {
    if (trail.includes(key)) return trail.slice(trail.indexOf(key));
    if (finished.has(key)) return [];
    for (const next of waitsFor.get(key) ?? []) {
      const cycle = visit(next, [...trail, key]);
      if (cycle.length > 0) return cycle;
    }
    finished.add(key);
    return [];
  };
  for (const { key } of path.steps) {
    const cycle = visit(key, []);
    if (cycle.length > 0) return cycle;
  }
  return [];
}

/** The steps that may have to be done before a step opens. */
function awaited(path: WrittenPath, step: WrittenStep, index: number): string[] {
  const branchSteps = (id: string | null) => branchesOf(path).flatMap((branch) => (branch.id === id ? (branch.step ?? []) : []));
  const before = path.steps.slice(0, index).filter((other) => holdsUp(path, other, step));
  const inOrder =
    path.sequence === 'in-order' ? before.flatMap((other) => [other.key, ...branchSteps(outermostOf(other, path.blocks))]) : [];
  return [...new Set([...step.after, ...branchSteps(outermostOf(step, path.blocks)), ...inOrder])];
}

/** Whether an earlier step holds a step up. Within a choice, and between the ways of a branch, none does. */
function holdsUp({ blocks }: WrittenPath, other: WrittenStep, step: WrittenStep): boolean {
  if (other.block === null) return other.required;
  if (outermostOf(other, blocks) !== outermostOf(step, blocks)) return true;
  const way = wayOf(other, blocks);
  if (way === null || way.arm !== wayOf(step, blocks)?.arm) return false;
  if (other.block !== way.block) return other.block !== step.block;
  const branch = blocks.find(({ id }) => id === way.block);
  return other.required && branch?.kind === 'branch' && armOf(branch, other)?.pick === undefined;
}

const armOf = ({ arms }: BranchBlock, step: WrittenStep): Arm | undefined => arms.find(({ id }) => id === step.arm);

function warningsOf(path: WrittenPath): PathFault[] {
  const found: PathFault[] = path.steps.flatMap((step) => {
    if (step.teacherOnly) return [warning('teacher-only', { step: step.key })];
    if (!step.available) return [warning(step.noLicence ? 'no-licence' : 'unavailable', { step: step.key })];
    if (step.notForPupils) return [warning('not-for-pupils', { step: step.key })];
    return step.linkBroken ? [warning('link-broken', { step: step.key })] : [];
  });
  for (const block of path.blocks) {
    const inside = path.steps.filter((step) => isIn(path, step, block) && !step.teacherOnly);
    if (inside.length === 0) found.push(warning('block-empty', { block: block.id }));
    else if (block.kind === 'choice' && block.pick > inside.length) found.push(warning('choice-too-many', { block: block.id }));
    if (block.kind !== 'branch') continue;
    for (const { id, pick } of block.arms) {
      const ofWay = inside.filter((step) => step.block === block.id && step.arm === id).length;
      if (pick !== undefined && ofWay > 0 && pick > ofWay) found.push(warning('choice-too-many', { block: block.id }));
    }
    if (block.on !== 'score') continue;
    const scored = path.steps.find(({ key }) => key === block.step);
    if (scored !== undefined && canScore(scored)) continue;
    const highest = block.arms.at(-1)?.id;
    for (const step of inside)
      if (wayOf(step, path.blocks)?.arm !== highest) found.push(warning('unreachable', { step: step.key, block: block.id }));
  }
  return found;
}

/** Whether a step can get a score, on which a branch can depend. */
export function canScore({ kind, content, teacherOnly }: Pick<WrittenStep, 'kind' | 'content' | 'teacherOnly'>): boolean {
  if (teacherOnly) return false;
  return content?.kind === 'task' ? content.maximum !== null : kind === 'lti' || kind === 'quiz';
}
