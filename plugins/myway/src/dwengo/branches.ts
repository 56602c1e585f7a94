import { mostArms } from '../paths/limits.js';

/** One way of a branch. */
export interface Way<N> {
  /** Empty: it leads straight on. */
  nodes: N[];
  /** The first node of the way, or the one to which it leads straight on. */
  towards: N;
}

export interface Branch<N> {
  ways: Way<N>[];
  /** Where the ways come together; undefined: the path ends with each of them. */
  onward: N | undefined;
}

/**
 * The ways from a node that leads to several, if they are a branch as a path has it: two to four straight ways that have no node in common
 * and come together in one node, or each end the path.
 *
 * @param next the nodes to which a node leads, each once
 * @param isTaken whether a node is in the path already
 * @returns null if they are not
 */
export function branchFrom<N>(from: N, next: (node: N) => readonly N[], isTaken: (node: N) => boolean): Branch<N> | null {
  const targets = next(from);
  if (targets.length < 2 || targets.length > mostArms) return null;
  const chains = targets.map((target) => chainOf(target, next));
  const [first, ...others] = chains as [N[], ...N[][]];
  const onward = first.find((node) => others.every((chain) => chain.includes(node)));
  const ways = chains.map((chain) => (onward === undefined ? chain : chain.slice(0, chain.indexOf(onward))));
  const inside = ways.flat();
  const isSound =
    inside.length > 0 &&
    new Set(inside).size === inside.length &&
    ![...inside, ...(onward === undefined ? [] : [onward])].some(isTaken) &&
    // A further branch inside a way, or a loop, is not one.
    inside.every((node) => next(node).length <= 1) &&
    ways.every((way) => onward !== undefined || next(way.at(-1) as N).length === 0);
  if (!isSound) return null;
  return { ways: ways.map((nodes, index) => ({ nodes, towards: targets[index] as N })), onward };
}

/** The nodes from this one on, up to one that leads nowhere, to several, or back. */
function chainOf<N>(start: N, next: (node: N) => readonly N[]): N[] {
  const chain = [start];
  for (;;) {
    const onward = next(chain.at(-1) as N);
    if (onward.length !== 1 || chain.includes(onward[0] as N)) return chain;
    chain.push(onward[0] as N);
  }
}
