import type { Sequence } from './model.js';

/** What of a path is merged: its steps by `key`, its blocks by `id`. */
export interface Mergeable<Step extends { key: string }, Block extends { id: string }> {
  title: string;
  description: string;
  sequence: Sequence;
  steps: Step[];
  blocks: Block[];
}

/** What two people changed differently: a field of the path, its order, or a step or block by its key. */
export type Conflict = { what: 'title' | 'description' | 'sequence' | 'order' } | { what: 'step' | 'block'; key: string };

/**
 * Merges two versions of a path that were made from the same one. Changes of different steps, blocks and fields are all kept; where both
 * changed the same one differently, mine is in the result and the conflict is listed.
 */
export function mergePaths<Step extends { key: string }, Block extends { id: string }>(
  base: Mergeable<Step, Block>,
  theirs: Mergeable<Step, Block>,
  mine: Mergeable<Step, Block>,
): { merged: Mergeable<Step, Block>; conflicts: Conflict[] } {
  const conflicts: Conflict[] = [];
  const field = <K extends 'title' | 'description' | 'sequence'>(what: K): Mergeable<Step, Block>[K] => {
    if (mine[what] !== base[what] && theirs[what] !== base[what] && mine[what] !== theirs[what]) conflicts.push({ what });
    return mine[what] === base[what] ? theirs[what] : mine[what];
  };
  const steps = mergeItems(base.steps, theirs.steps, mine.steps, ({ key }) => key);
  const blocks = mergeItems(base.blocks, theirs.blocks, mine.blocks, ({ id }) => id);
  if (steps.isOrderChangedTwice) conflicts.push({ what: 'order' });
  for (const key of steps.conflicts) conflicts.push({ what: 'step', key });
  for (const key of blocks.conflicts) conflicts.push({ what: 'block', key });
  const merged = {
    title: field('title'),
    description: field('description'),
    sequence: field('sequence'),
    steps: steps.items,
    blocks: blocks.items,
  };
  return { merged, conflicts };
}

function mergeItems<T>(base: readonly T[], theirs: readonly T[], mine: readonly T[], keyOf: (item: T) => string) {
  const by = (items: readonly T[]) => new Map(items.map((item) => [keyOf(item), item]));
  const [inBase, inTheirs, inMine] = [by(base), by(theirs), by(mine)];
  const conflicts: string[] = [];
  const kept = new Map<string, T>();
  for (const key of new Set([...inBase.keys(), ...inTheirs.keys(), ...inMine.keys()])) {
    const [was, their, my] = [inBase.get(key), inTheirs.get(key), inMine.get(key)];
    const [theyChanged, iChanged] = [!isEqual(was, their), !isEqual(was, my)];
    if (theyChanged && iChanged && !isEqual(their, my)) conflicts.push(key);
    const result = iChanged ? my : their;
    if (result !== undefined) kept.set(key, result);
  }

  const common = (items: readonly T[]) =>
    items.map(keyOf).filter((key) => inBase.has(key) && inTheirs.has(key) && inMine.has(key));
  const [was, their, my] = [common(base), common(theirs), common(mine)].map(String);
  const [first, second] = my === was ? [theirs, mine] : [mine, theirs];
  const order = first.map(keyOf);
  // What only the other has goes behind the item that it follows there.
  for (const [index, item] of second.entries()) {
    const key = keyOf(item);
    if (order.includes(key)) continue;
    const before = second
      .slice(0, index)
      .map(keyOf)
      .findLast((each) => order.includes(each));
    order.splice(before === undefined ? 0 : order.indexOf(before) + 1, 0, key);
  }
  return {
    items: order.flatMap((key) => kept.get(key) ?? []),
    conflicts,
    isOrderChangedTwice: my !== was && their !== was && my !== their,
  };
}

const isEqual = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);
