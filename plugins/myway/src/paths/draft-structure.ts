import { canScore, checkPath, type PathFault } from './check-path.js';
import type { Draft, DraftStep } from './draft.js';
import { moved } from './draft.js';
import type { Block, BranchBlock } from './structure.js';

/** Where a step stands: in a block, of a branch in one of its ways; or on the line itself. */
export type Place = Pick<DraftStep, 'block' | 'arm'>;

export const onTheLine: Place = { block: null, arm: null };

type Structured = Pick<Draft, 'steps' | 'blocks'>;

const isAt = (step: DraftStep, place: Place): boolean => step.block === place.block && step.arm === place.arm;

/** A name for a block or way that the path does not have yet; at random, because a colleague may add another at the same time. */
function freshId(prefix: string, taken: readonly string[]): string {
  const id = `${prefix}-${Math.random().toString(36).slice(2, 8)}`;
  return taken.includes(id) ? freshId(prefix, taken) : id;
}

/** Moves a step. In the middle of a block it becomes a part of it; away from its block it leaves it. */
export function stepMoved(steps: readonly DraftStep[], from: number, to: number): DraftStep[] {
  const result = moved(steps, from, to);
  const step = result[to] as DraftStep;
  const [before, after] = [result[to - 1], result[to + 1]];
  const stays = step.block !== null && [before, after].some((each) => each !== undefined && each.block === step.block);
  const inside = before !== undefined && after !== undefined && before.block !== null && before.block === after.block;
  const near = stays ? [before, after].find((each) => each !== undefined && isAt(each, step)) : undefined;
  const host = near ?? (inside ? before : stays ? [before, after].find((each) => each?.block === step.block) : undefined);
  const place = host === undefined ? onTheLine : { block: host.block, arm: host.arm };
  return result.map((each, index) => (index === to ? { ...each, ...place } : each));
}

/** Moves a step to the end of a place; out of its block, to behind the block. */
export function stepPlaced({ steps, blocks }: Structured, key: string, place: Place): DraftStep[] {
  const step = steps.find((each) => each.key === key) as DraftStep;
  if (isAt(step, place)) return [...steps];
  const rest = steps.filter((each) => each !== step);
  const behind = step.block === null ? rest.length : rest.findLastIndex((each) => each.block === step.block) + 1;
  return inserted({ steps: rest, blocks }, { ...step, ...place }, behind === 0 ? steps.indexOf(step) : behind);
}

/** Adds a step at the end of its place. On the line: at `index`, or at the end. */
export function inserted({ steps, blocks }: Structured, step: DraftStep, index = steps.length): DraftStep[] {
  const at = step.block === null ? index : indexIn({ steps, blocks }, step);
  return [...steps.slice(0, at), step, ...steps.slice(at)];
}

function indexIn({ steps, blocks }: Structured, place: Place): number {
  const same = steps.findLastIndex((each) => isAt(each, place));
  if (same >= 0) return same + 1;
  const block = blocks.find(({ id }) => id === place.block);
  const inside = steps.findIndex((each) => each.block === place.block);
  if (block?.kind === 'branch' && inside >= 0) {
    // Behind the ways that come before this one.
    const earlier = block.arms
      .slice(
        0,
        block.arms.findIndex(({ id }) => id === place.arm),
      )
      .map(({ id }) => id);
    const last = steps.findLastIndex((each) => each.block === block.id && earlier.includes(each.arm ?? ''));
    return last < 0 ? inside : last + 1;
  }
  const decided = block?.kind === 'branch' ? steps.findIndex(({ key }) => key === block.step) : -1;
  return decided < 0 ? steps.length : endOfBlock(steps, decided);
}

/** The position behind a step, and behind its block if it is in one. */
function endOfBlock(steps: readonly DraftStep[], index: number): number {
  const { block = null } = steps[index] ?? {};
  return (block === null ? index : steps.findLastIndex((each) => each.block === block)) + 1;
}

/** Adds a step on the line at the position, or behind the block that stands there. */
export function droppedAt({ steps, blocks }: Structured, step: DraftStep, index: number): DraftStep[] {
  const block = steps[index]?.block ?? null;
  const inside = block !== null && steps[index - 1]?.block === block;
  return inserted({ steps, blocks }, step, inside ? endOfBlock(steps, index) : index);
}

/** Makes a choice of a step and the one behind it. */
export function withChoice(draft: Structured, key: string): Structured {
  const id = freshId(
    'choice',
    draft.blocks.map((block) => block.id),
  );
  const index = draft.steps.findIndex((step) => step.key === key);
  const next = draft.steps[index + 1]?.block === null ? index + 1 : index;
  return {
    steps: draft.steps.map((step, nth) => (nth === index || nth === next ? { ...step, block: id, arm: null } : step)),
    blocks: [...draft.blocks, { id, kind: 'choice', title: '', pick: 1 }],
  };
}

/** Adds a branch behind a step: on its score if it can have one, else on whether it is done. `names`: titles of the two ways. */
export function withBranch(
  draft: Structured,
  key: string | null,
  names: readonly [string, string],
  mark: number,
): Draft['blocks'] {
  const id = freshId(
    'branch',
    draft.blocks.map((block) => block.id),
  );
  const step = draft.steps.find((each) => each.key === key);
  const on = step === undefined ? 'teacher' : canScore(step) ? 'score' : 'done';
  const arms = names.map((title, index) => ({
    id: `way-${index + 1}`,
    title,
    from: on === 'score' && index === 1 ? mark : 0,
    again: on === 'score' && index === 0,
  }));
  return [...draft.blocks, { id, kind: 'branch', title: '', on, step: step === undefined ? null : step.key, arms, tries: 3 }];
}

/** Removes a block; its steps stay on the line. */
export const withoutBlock = ({ steps, blocks }: Structured, id: string): Structured => ({
  steps: steps.map((step) => (step.block === id ? { ...step, ...onTheLine } : step)),
  blocks: blocks.filter((block) => block.id !== id),
});

/** Removes a step, and what depends on it: prerequisites, and branches on its score or completion. */
export function withoutStep({ steps, blocks }: Structured, key: string): Structured {
  const without = {
    steps: steps
      .filter((step) => step.key !== key)
      .map((step) => ({ ...step, after: step.after.filter((each) => each !== key) })),
    blocks,
  };
  const dependent = blocks.filter((block) => block.kind === 'branch' && block.step === key);
  return dependent.reduce((rest, { id }) => withoutBlock(rest, id), without as Structured);
}

/** A way more, for the highest scores. */
export function withArm(branch: BranchBlock, title: string): BranchBlock {
  const id = freshId(
    'way',
    branch.arms.map((arm) => arm.id),
  );
  const highest = branch.arms.at(-1)?.from ?? 0;
  return {
    ...branch,
    arms: [...branch.arms, { id, title, from: Math.min(1, Math.round((highest + 0.2) * 100) / 100), again: false }],
  };
}

export const changedBlock = (blocks: readonly Block[], id: string, change: Partial<Block>): Block[] =>
  blocks.map((block) => (block.id === id ? ({ ...block, ...change } as Block) : block));

export const faultsOf = ({ sequence, steps, blocks }: Pick<Draft, 'sequence' | 'steps' | 'blocks'>): PathFault[] =>
  checkPath({ sequence, steps, blocks });

/** The draft without one way of a branch; its steps come to the line, behind the branch. */
export function withoutWay({ steps, blocks }: Structured, id: string, armId: string): Partial<Structured> {
  const branch = blocks.find((block) => block.id === id);
  if (branch?.kind !== 'branch') return {};
  const leaving = steps.filter((step) => step.block === id && step.arm === armId);
  const rest = leaving.reduce((now, { key }) => stepPlaced({ steps: now, blocks }, key, onTheLine), [...steps]);
  const arms = branch.arms.filter((arm) => arm.id !== armId).map((arm, index) => (index === 0 ? { ...arm, from: 0 } : arm));
  return { steps: rest, blocks: changedBlock(blocks, id, { arms }) };
}

/**
 * The draft with a removed step where it was, with what depended on it; later changes of other steps stay.
 *
 * @param before the draft from which it was removed
 * @returns null if the step is there already
 */
export function putBack(now: Structured, before: Structured, step: DraftStep): Partial<Structured> | null {
  const { steps, blocks } = now;
  if (steps.some(({ key }) => key === step.key)) return null;
  const unchanged =
    steps.length === before.steps.length - 1 && steps.every(({ key }) => before.steps.some((each) => each.key === key));
  if (!unchanged) {
    const known = blocks.some(({ id }) => id === step.block);
    return { steps: inserted(now, known ? step : { ...step, ...onTheLine }) };
  }
  const changed = new Map(steps.map((each) => [each.key, each]));
  const back = before.steps.map((each) => ({
    ...(changed.get(each.key) ?? each),
    after: each.after,
    block: each.block,
    arm: each.arm,
  }));
  return { steps: back, blocks: before.blocks };
}
