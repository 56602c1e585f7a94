import type { Config } from '../config.js';
import type { StepDetail } from '../paths/model.js';
import { type PathShape, stepsForPupils } from '../paths/shapes.js';
import type { Block } from '../paths/structure.js';
import { wayOf } from '../paths/ways.js';
import type { TrailBlock, TrailStep } from './model.js';
import type { Lock, Outcome } from './path-to-walk.js';
import type { Result } from './result.js';
import { type BlockState, type Position, walk } from './rules.js';

type KnownResult = Pick<Result, 'stepId' | 'state' | 'scoreGiven' | 'scoreMaximum' | 'marking' | 'comment' | 'tries' | 'best'> &
  Partial<Pick<Result, 'skipped' | 'unlocked' | 'ownScore' | 'teacherNote'>>;

/** A step of a trail, and whether it is on another way than the pupil's, or on one that is not decided yet. */
export type BuiltStep = TrailStep & { away: boolean };

/**
 * A pupil's steps with their results, and for each whether it can be opened, or why not.
 *
 * @param limits a score below `goodEnough` is low
 * @param choices the way that a teacher chose for this pupil, by id of the branch
 */
export function buildTrail(
  shape: PathShape,
  results: readonly KnownResult[],
  limits: Pick<Config, 'goodEnough'>,
  choices: ReadonlyMap<string, string> = new Map(),
) {
  const steps = stepsForPupils(shape);
  const { sequence, blocks } = shape.row;
  const resultOf = new Map(results.map((result) => [result.stepId, result]));
  const { positions, blocks: states, ...counts } = walk({ steps, sequence, blocks }, outcomesOf(results), choices);

  const stepTitles = new Map(steps.map((step) => [step.id, step.shownTitle]));
  const blockTitles = new Map(blocks.map((block) => [block.id, block.title]));
  const told = (lock: Lock | null): TrailStep['lock'] => {
    if (lock === null) return null;
    if ('stepId' in lock) return { ...lock, title: stepTitles.get(lock.stepId) ?? '' };
    return 'blockId' in lock ? { ...lock, title: blockTitles.get(lock.blockId) ?? '' } : lock;
  };

  return {
    ...counts,
    blocks: states.flatMap((state) => blockFor(state, steps, blocks, blockTitles.get(state.id) ?? '', told)),
    steps: steps.map((step, index): BuiltStep => {
      const position = positions[index] as (typeof positions)[number];
      const result = resultOf.get(step.id);
      const scored = result !== undefined && result.scoreGiven !== null && result.scoreMaximum !== null;
      const score = scored ? { given: result.scoreGiven as number, maximum: result.scoreMaximum as number } : null;
      return {
        id: step.id,
        title: step.shownTitle,
        language: step.title === null ? step.language : null,
        kind: step.kind,
        activityId: step.activityId,
        area: step.area,
        note: step.note,
        required: step.required,
        minutes: step.minutes,
        linkBroken: step.linkBroken,
        state: result?.state ?? 'todo',
        lock: result?.unlocked && opens(position) ? null : told(position.lock),
        away: position.away,
        next: position.next,
        block: step.block,
        score,
        low: score !== null && score.given / score.maximum < limits.goodEnough,
        tries: result?.tries ?? 0,
        marking: result?.marking ?? null,
        comment: result?.comment ?? null,
        skipped: result?.skipped ?? false,
        ownScore: result?.ownScore ?? false,
        teacherNote: result?.teacherNote ?? null,
      };
    }),
  };
}

/** What counts in the rules of the path, by id of the step. */
export const outcomesOf = (results: readonly KnownResult[]): Map<string, Outcome> =>
  new Map(results.map((result) => [result.stepId, outcomeOf(result)]));

/**
 * What counts of one result. A step that a teacher lets the pupil skip is done, and the teacher's own score is the only one.
 */
function outcomeOf({ state, skipped, ownScore, scoreGiven, scoreMaximum, best, tries, marking }: KnownResult): Outcome {
  const own = ownScore && scoreGiven !== null && scoreMaximum !== null ? scoreGiven / scoreMaximum : null;
  return { state: skipped ? 'done' : state, best: own ?? best, tries, marking: own === null ? marking : null };
}

/** Whether the teacher's word opens a step: whatever comes before it, but no other way of the path. */
const opens = ({ lock, away }: Position): boolean => lock?.reason !== 'unavailable' && !away;

/** What the pupil sees of a block: choices, and branches that are not decided. */
function blockFor(
  state: BlockState,
  steps: readonly StepDetail[],
  blocks: readonly Block[],
  title: string,
  told: (lock: Lock) => TrailStep['lock'],
): TrailBlock[] {
  const first = steps.findIndex((step) => step.block === state.id || wayOf(step, blocks)?.block === state.id);
  if (first < 0) return [];
  if (state.kind === 'choice') return [{ ...state, title }];
  if (state.picked !== null) return [{ id: state.id, kind: 'choice', title: '', ...state.picked }];
  if (state.decision.kind !== 'waiting') return [];
  return [
    { id: state.id, kind: 'branch', title, lock: told(state.decision.lock) as NonNullable<TrailStep['lock']>, position: first },
  ];
}

/**
 * The trail without the steps that are not on the pupil's way, so that it does not tell what others do. What the pupil began stays.
 * Positions of undecided branches are those among the steps that are left.
 */
export function forPupil<T extends { steps: BuiltStep[]; blocks: TrailBlock[] }>(
  trail: T,
): Omit<T, 'steps'> & { steps: TrailStep[] } {
  const isShown = (step: BuiltStep) => !step.away || step.state !== 'todo';
  return {
    ...trail,
    steps: trail.steps.filter(isShown).map(({ away: _, ...step }) => step),
    blocks: trail.blocks.map((block) =>
      block.kind === 'branch' ? { ...block, position: trail.steps.slice(0, block.position).filter(isShown).length } : block,
    ),
  };
}
