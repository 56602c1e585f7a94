import type { Block, BranchBlock } from '../paths/structure.js';
import { type Way, wayOf } from '../paths/ways.js';
import { type Decision, decider } from './branches.js';
import type { Lock, Outcome, PathToWalk, StepState, StepToWalk } from './path-to-walk.js';

/*
 * How a pupil goes through a path. The same path, results and choices always give the same answer: it does not depend on when or in which
 * order results arrived. docs/myway.md explains the rules to teachers.
 */

export interface Position {
  stepId: string;
  state: StepState;
  /** Why the step cannot be opened; null if it can. */
  lock: Lock | null;
  /** Whether the step is on another way than the pupil's, or on a way that is not decided yet. */
  away: boolean;
  /** Whether the pupil should do this step now. */
  next: boolean;
}

/** What the pupil may know of a block of the path. */
export type BlockState =
  | { id: string; kind: 'choice'; pick: number; done: number }
  | { id: string; kind: 'branch'; decision: Decision; picked: Picked | null };

/** How many steps of a choice, or of a way with a choice, the pupil does, and has done. */
export interface Picked {
  pick: number;
  done: number;
}

export interface Walk {
  positions: Position[];
  blocks: BlockState[];
  /** Number of steps that count, and how many of them are done: the available required ones, or all if none is required. */
  total: number;
  done: number;
  complete: boolean;
}

const nothingYet: Outcome = { state: 'todo', best: null, tries: 0, marking: null };

/**
 * @param results by id of the step; none: not begun
 * @param choices the way that a teacher chose for this pupil, by id of the branch
 */
export function walk(
  { steps, sequence, blocks = [] }: PathToWalk,
  results: ReadonlyMap<string, Outcome>,
  choices: ReadonlyMap<string, string> = new Map(),
): Walk {
  const outcomeOf = (id: string): Outcome => results.get(id) ?? nothingYet;
  const isDone = (id: string): boolean => outcomeOf(id).state === 'done';
  const stepOf = new Map(steps.map((step) => [step.id, step]));
  const blockOf = new Map(blocks.map((block) => [block.id, block]));
  const decide = decider({ stepOf, blockOf, outcomeOf, choices });

  const ways = new Map(steps.map((step) => [step.id, wayOf({ block: step.block ?? null, arm: step.arm ?? null }, blocks)]));
  /** Why a way is not the pupil's; null if it is. */
  const awayFrom = ({ block, arm }: Way): Lock | null => {
    const branch = blockOf.get(block);
    if (branch?.kind !== 'branch') return null;
    const decision = decide(branch);
    if (decision.kind === 'waiting') return decision.lock;
    return decision.kind === 'arm' && decision.armId === arm ? null : { reason: 'other-way' };
  };
  /** Whether the pupil chooses between this step and others of its block or way. */
  const isChoice = (step: StepToWalk): boolean => {
    const block = blockOf.get(step.block ?? '');
    return block?.kind === 'choice' || block?.arms.find(({ id }) => id === step.arm)?.pick !== undefined;
  };
  /** Why the step is not on the pupil's way; null if it is. */
  const awayOf = (step: StepToWalk): Lock | null => {
    const way = ways.get(step.id) ?? null;
    return way === null ? null : awayFrom(way);
  };
  /** Null: the pupil does not choose in this block, or not on their way. */
  const picked = (block: Block): Picked | null => {
    if (block.kind === 'choice' && block.within !== undefined && awayFrom(block.within) !== null) return null;
    const decision = block.kind === 'branch' ? decide(block) : null;
    const arm =
      block.kind === 'branch' && decision?.kind === 'arm' ? block.arms.find(({ id }) => id === decision.armId) : undefined;
    const wanted = block.kind === 'choice' ? block.pick : arm?.pick;
    if (wanted === undefined) return null;
    const inside = steps.filter((step) => step.block === block.id && (arm === undefined || step.arm === arm.id));
    const done = inside.filter((step) => isDone(step.id)).length;
    const possible = inside.filter((step) => step.available || isDone(step.id)).length;
    const pick = Math.min(wanted, possible);
    return { pick, done: Math.min(done, pick) };
  };
  const counts = (step: StepToWalk): boolean => step.required && step.available && !isChoice(step) && awayOf(step) === null;

  /** The scored step that the pupil does again before going on after the branch. */
  const againOf = (branch: BranchBlock): StepToWalk | null => {
    const decision = decide(branch);
    const scored = stepOf.get(branch.step ?? '');
    if (branch.on !== 'score' || decision.kind !== 'arm' || decision.chosen) return null;
    if (scored === undefined || !counts(scored)) return null;
    const again = branch.arms.find((arm) => arm.id === decision.armId)?.again === true;
    // Without a score, the way is not that of a low score.
    return again && outcomeOf(scored.id).best !== null && outcomeOf(scored.id).tries < branch.tries ? scored : null;
  };
  const branches = blocks.filter((block) => block.kind === 'branch');
  const toRepeat = new Set(branches.flatMap((branch) => againOf(branch)?.id ?? []));

  /** What holds up the steps after a block when the pupil goes in order; null: nothing. */
  const heldBy = (block: Block): Lock | null => {
    const chosen = picked(block);
    if (chosen !== null && chosen.done < chosen.pick) {
      return { reason: 'choice', blockId: block.id, left: chosen.pick - chosen.done };
    }
    if (block.kind === 'choice') return null;
    const decision = decide(block);
    if (decision.kind === 'waiting') return holdsUp(decision.lock) ? decision.lock : null;
    const again = againOf(block);
    return again === null ? null : { reason: 'again', stepId: again.id };
  };
  /** Nobody waits for the score of a step that need not be done. */
  const holdsUp = (lock: Lock): boolean => {
    if (lock.reason === 'teacher') return true;
    const awaited = 'stepId' in lock ? stepOf.get(lock.stepId) : undefined;
    return awaited !== undefined && counts(awaited);
  };

  const afterOf = (step: StepToWalk): Lock | null => {
    for (const id of step.after ?? []) {
      const first = stepOf.get(id);
      if (first === undefined || !first.available || isDone(id)) continue;
      const away = awayOf(first);
      if (away === null) return { reason: 'previous', stepId: id };
      if (away.reason !== 'other-way') return away;
    }
    return null;
  };

  /** The blocks in which a step stands, the innermost first. */
  const blocksOf = (step: StepToWalk): string[] =>
    [...new Set([step.block, ways.get(step.id)?.block])].filter((id) => id != null);
  const lastOf = new Map(steps.flatMap((step) => blocksOf(step).map((id) => [id, step.id] as const)));
  let held: Lock | null = null;
  const positions = steps.map((step): Position => {
    const { state } = outcomeOf(step.id);
    const away = awayOf(step);
    const lock = !step.available
      ? ({ reason: 'unavailable' } as const)
      : state !== 'todo'
        ? null
        : (away ?? (sequence === 'in-order' ? held : null) ?? afterOf(step));
    if (counts(step) && state !== 'done') held ??= { reason: 'previous', stepId: step.id };
    for (const id of blocksOf(step)) {
      const block = blockOf.get(id);
      if (block !== undefined && lastOf.get(id) === step.id) held ??= heldBy(block);
    }
    return { stepId: step.id, state, lock, away: away !== null, next: false };
  });

  const isOpen = ({ stepId, state, lock, away }: Position): boolean =>
    lock === null && !away && (state !== 'done' || toRepeat.has(stepId));
  const choiceBlocks = blocks.flatMap((block) => {
    const chosen = picked(block);
    return chosen === null ? [] : [{ id: block.id, ...chosen }];
  });
  const unfinished = new Set(choiceBlocks.filter(({ pick, done }) => done < pick).map(({ id }) => id));
  const required = positions.filter((_, index) => counts(steps[index] as StepToWalk));
  const anyRequired = required.length > 0 || choiceBlocks.some(({ pick }) => pick > 0);
  const onWay = positions.filter(({ away }, index) => steps[index]?.available && !away);
  const counted = anyRequired ? required : onWay;
  const total = counted.length + (anyRequired ? choiceBlocks.reduce((sum, { pick }) => sum + pick, 0) : 0);
  const done =
    counted.filter(({ stepId, state }) => state === 'done' && !toRepeat.has(stepId)).length +
    (anyRequired ? choiceBlocks.reduce((sum, each) => sum + each.done, 0) : 0);
  const undecided = branches.some((branch) => {
    const decision = decide(branch);
    return decision.kind === 'waiting' && holdsUp(decision.lock) && steps.some((step) => ways.get(step.id)?.block === branch.id);
  });
  const complete = total > 0 && done === total && !undecided;

  const open = positions.filter(isOpen);
  const isCounted = (position: Position) =>
    counted.includes(position) || unfinished.has(stepOf.get(position.stepId)?.block ?? '');
  const awaited = new Set(positions.flatMap(({ lock }) => (lock !== null && 'stepId' in lock ? [lock.stepId] : [])));
  // Of the steps that need not be done, those that others wait for come first.
  const candidates =
    [open.filter(isCounted), open.filter(({ stepId }) => awaited.has(stepId)), open].find(({ length }) => length > 0) ?? [];
  const kindOf = ({ stepId }: Position) => stepOf.get(stepId)?.kind;
  // The pupil goes on alone where possible, and repeats a step only after the others that are open.
  const next =
    candidates.find((each) => !toRepeat.has(each.stepId) && kindOf(each) !== 'moment') ??
    candidates.find(({ stepId }) => toRepeat.has(stepId)) ??
    candidates[0];
  if (next) next.next = true;

  const states = blocks.flatMap((block): BlockState[] => {
    const chosen = picked(block);
    if (block.kind === 'branch') return [{ id: block.id, kind: 'branch', decision: decide(block), picked: chosen }];
    // The pupil does not learn of choices on other ways.
    return chosen === null ? [] : [{ id: block.id, kind: 'choice', ...chosen }];
  });
  return { positions, blocks: states, total, done, complete };
}
