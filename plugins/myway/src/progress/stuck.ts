import type { Config } from '../config.js';
import type { Attempt, Result } from './results.js';

/** Why a pupil seems to be stuck on a step: it lies unfinished too long, or no try was good enough. */
export type Stuck = 'waiting' | 'trying';

const day = 24 * 60 * 60 * 1000;

/**
 * @param attempts the pupil's graded tries at this step
 * @returns null when nothing points to it
 */
export function stuckOn(
  result: Pick<Result, 'state' | 'startedAt'> | undefined,
  attempts: readonly Pick<Attempt, 'scoreGiven' | 'scoreMaximum'>[],
  limits: Config,
  now: Date,
): Stuck | null {
  const goodEnough = attempts.some(({ scoreGiven, scoreMaximum }) => scoreGiven / scoreMaximum >= limits.goodEnough);
  if (attempts.length >= limits.stuckAfterTries && !goodEnough) return 'trying';
  if (result?.state === 'started' && result.startedAt !== null) {
    if (now.getTime() - result.startedAt.getTime() > limits.stuckAfterDays * day) return 'waiting';
  }
  return null;
}
