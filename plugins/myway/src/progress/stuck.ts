import type { Config } from '../config.js';
import type { Result } from '../trail/result.js';

/** Why a pupil counts as stuck on a step: `waiting`: unfinished for too long; `trying`: no attempt was good enough. */
export type Stuck = 'waiting' | 'trying';

const day = 24 * 60 * 60 * 1000;

/** @returns null if the pupil is not stuck */
export function stuckOn(
  result: (Pick<Result, 'state' | 'startedAt' | 'tries' | 'best'> & Partial<Pick<Result, 'skipped'>>) | undefined,
  limits: Config,
  now: Date,
): Stuck | null {
  if (result === undefined || result.skipped) return null;
  if (result.tries >= limits.stuckAfterTries && (result.best ?? 0) < limits.goodEnough) return 'trying';
  if (result.state === 'started' && result.startedAt !== null) {
    if (now.getTime() - result.startedAt.getTime() > limits.stuckAfterDays * day) return 'waiting';
  }
  return null;
}
