import { canScore, checkPath, type PathFault } from './check-path.js';
import type { Draft, DraftStep } from './draft.js';
import { moved } from './draft.js';
import type { Block, BranchBlock } from './structure.js';
import { outermostOf, wayOf } from './ways.js';

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

/** A place of a branch in which a step is not in a choice: of a step in a choice of a way, the way. */
const aroundChoice = (step: DraftStep, blocks: readonly Block[]): Place =>
  wayOf(step, blocks) ?? { block: step.block, arm: step.arm };

/** Moves a step. In the middle of a block it becomes a part of it; away from its block it leaves it. */
export function stepMoved(steps: readonly DraftStep[], from: number, to: number, blocks: readonly Block[] = []): DraftStep[] {
  const result = moved(steps, from, to);
  const step = result[to] as DraftStep;
  const [before, after] = [result[to - 1], result[to + 1]];
  const own = outermostOf(step, blocks);
  const isNear = (each: DraftStep | undefined): each is DraftStep => each !== undefined && outermostOf(each, blocks) === own;
  const near = own === null ? undefined : [before, after].find((each) => isNear(each) && isAt(each, step));
  const inside =
    before !== undefined && after !== undefined && before.block !== null && isNearBlock(before, after, blocks)
      ? before
      : undefined;
  const middle = inside !== undefined && after !== undefined && isAt(inside, after) ? inside : undefined;
  const host = inside ?? (own === null ? undefined : [before, after].find(isNear));
  const { block, arm } = near ?? middle ?? (host === undefined ? onTheLine : aroundChoice(host, blocks));
  return result.map((each, index) => (index === to ? { ...each, block, arm } : each));
}

const isNearBlock = (one: DraftStep, other: DraftStep, blocks: readonly Block[]): boolean =>
  outermostOf(one, blocks) === outermostOf(other, blocks);

/** Moves a step to the end of a place; out of its block, to behind the block. */
export function stepPlaced({ steps, blocks }: Structured, key: string, place: Place): DraftStep[] {
  const step = steps.find((each) => each.key === key) as DraftStep;
  if (isAt(step, place)) return [...steps];
  const rest = steps.filter((each) => each !== step);
  const own = outermostOf(step, blocks);
  const behind = own === null ? rest.length : rest.findLastIndex((each) => outermostOf(each, blocks) === own) + 1;
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
  const way = wayOf(place, blocks);
  const branch = blocks.find(({ id }) => id === (way?.block ?? place.block));
  const inside = steps.findIndex((each) => outermostOf(each, blocks) === branch?.id);
  if (branch?.kind === 'branch' && inside >= 0) {
    // At the end of its way, or behind the ways that come before it.
    const upTo = branch.arms.slice(0, branch.arms.findIndex(({ id }) => id === way?.arm) + 1).map(({ id }) => id);
    const last = steps.findLastIndex((each) => {
      const other = wayOf(each, blocks);
      return other?.block === branch.id && upTo.includes(other.arm);
    });
    return last < 0 ? inside : last + 1;
  }
  const decided = branch?.kind === 'branch' ? steps.findIndex(({ key }) => key === branch.step) : -1;
  return decided < 0 ? steps.length : endOfBlock(steps, blocks, decided);
}

/** The position behind a step, and behind the block on the line in which it is. */
function endOfBlock(steps: readonly DraftStep[], blocks: readonly Block[], index: number): number {
  const block = outermostOf(steps[index] ?? onTheLine, blocks);
  return (block === null ? index : steps.findLastIndex((each) => outermostOf(each, blocks) === block)) + 1;
}

/** Adds a step on the line at the position, or behind the block that stands there. */
export function droppedAt({ steps, blocks }: Structured, step: DraftStep, index: number): DraftStep[] {
  const [at, before] = [steps[index], steps[index - 1]];
  const inside = at !== undefined && before !== undefined && at.block !== null && isNearBlock(at, before, blocks);
  return inserted({ steps, blocks }, step, inside ? endOfBlock(steps, blocks, index) : index);
}

/** Makes a choice of a step and the one behind it, on the line or in a way of a branch. */
export function withChoice(draft: Structured, key: string): Structured {
  const id = freshId(
    'choice',
    draft.blocks.map((block) => block.id),
  );
  const index = draft.steps.findIndex((step) => step.key === key);
  const step = draft.steps[index] as DraftStep;
  const behind = draft.steps[index + 1];
  const next = behind !== undefined && isAt(behind, step) ? index + 1 : index;
  const within = wayOf(step, draft.blocks);
  return {
    steps: draft.steps.map((each, nth) => (nth === index || nth === next ? { ...each, block: id, arm: null } : each)),
    blocks: [...draft.blocks, { id, kind: 'choice', title: '', pick: 1, ...(within === null ? {} : { within }) }],
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

/** Whether the pupil can choose at this place: on the line, or in a way in which they do not choose already. */
export function mayChoose({ block, arm }: Place, blocks: readonly Block[]): boolean {
  if (block === null) return true;
  const branch = blocks.find(({ id }) => id === block);
  return branch?.kind === 'branch' && branch.arms.find(({ id }) => id === arm)?.pick === undefined;
}

/** Removes a block; its steps stay on the line, or in the way in which a choice was. Choices in its ways come to the line. */
export function withoutBlock({ steps, blocks }: Structured, id: string): Structured {
  const removed = blocks.find((block) => block.id === id);
  const place = (removed?.kind === 'choice' ? removed.within : undefined) ?? onTheLine;
  return {
    steps: steps.map((step) => (step.block === id ? { ...step, block: place.block, arm: place.arm } : step)),
    blocks: blocks
      .filter((block) => block.id !== id)
      .map((block) => (block.kind === 'choice' && block.within?.block === id ? { ...block, within: undefined } : block)),
  };
}

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
export function withoutWay(draft: Structured, id: string, armId: string): Partial<Structured> {
  const branch = draft.blocks.find((block) => block.id === id);
  if (branch?.kind !== 'branch') return {};
  const choices = draft.blocks.filter(
    (block) => block.kind === 'choice' && block.within?.block === id && block.within.arm === armId,
  );
  const { steps, blocks } = choices.reduce((rest, choice) => withoutBlock(rest, choice.id), draft);
  const leaving = steps.filter((step) => step.block === id && step.arm === armId);
  const rest = leaving.reduceRight((now, { key }) => stepPlaced({ steps: now, blocks }, key, onTheLine), [...steps]);
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
