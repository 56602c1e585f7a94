import type { Config } from '../config.js';
import { type PathShape, stepsForPupils } from '../paths/shapes.js';
import type { TrailStep } from './model.js';
import type { Result } from './result.js';
import { type Lock, type StepState, walk } from './rules.js';

type KnownMember =
  | ('stepId' | 'state' | 'scoreGiven' | 'scoreMaximum' | 'marking' | 'comment' | 'tries')
  | ('skipped' | 'unlocked' | 'ownScore' | 'teacherNote');

/**
 * A pupil's steps with their results, and for each whether it can be opened, or why not.
 *
 * @param limits a score below `goodEnough` is low
 */
export function buildTrail(shape: PathShape, results: readonly Pick<Result, KnownMember>[], limits: Pick<Config, 'goodEnough'>) {
  const steps = stepsForPupils(shape);
  const resultOf = new Map(results.map((result) => [result.stepId, result]));
  const titleOf = new Map(steps.map((step) => [step.id, step.shownTitle]));
  const { positions, ...counts } = walk(steps, (id) => countedState(resultOf.get(id)), shape.row.sequence);

  const told = (lock: Lock | null): TrailStep['lock'] =>
    lock?.reason === 'previous' ? { ...lock, title: titleOf.get(lock.stepId) ?? '' } : lock;

  return {
    ...counts,
    steps: steps.map((step, index): TrailStep => {
      const position = positions[index] as (typeof positions)[number];
      const result = resultOf.get(step.id);
      const scored = result !== undefined && result.scoreGiven !== null && result.scoreMaximum !== null;
      const score = scored ? { given: result.scoreGiven as number, maximum: result.scoreMaximum as number } : null;
      return {
        id: step.id,
        title: step.shownTitle,
        language: step.title === null ? step.language : null,
        kind: step.kind,
        area: step.area,
        note: step.note,
        required: step.required,
        minutes: step.minutes,
        state: result?.state ?? 'todo',
        lock: result?.unlocked && position.lock?.reason === 'previous' ? null : told(position.lock),
        next: position.next,
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

/** A step that a teacher lets the pupil skip counts as done, in every rule of the path. */
const countedState = (result: Pick<Result, 'state' | 'skipped'> | undefined): StepState =>
  result?.skipped ? 'done' : (result?.state ?? 'todo');
