import { createHash } from 'node:crypto';
import type { Placement } from './result.js';

/** The id of a score that has none. It is unique, because the LTI platform accepts one score for a pupil, placement and timestamp. */
export const scoreIdOf = (at: Placement, timestamp: string): string => idOf(at, instantOf(timestamp));

/**
 * The id of answers to a quiz: the same for the same answers that a device sends again with the id that it chose, and for no other pupil,
 * step or answers.
 */
export const answerIdOf = (at: Placement, chosen: string, answers: string): string => idOf(at, `${chosen} ${answers}`);

/** A UUID of version 8 (RFC 9562 §5.8) from a hash. */
function idOf({ assignmentId, stepId, pupilId }: Placement, what: string): string {
  const hash = createHash('sha256').update([assignmentId, stepId, pupilId, what].join(' ')).digest('hex');
  return hash.replace(/^(.{8})(.{4}).(.{3}).(.{3})(.{12}).*$/, '$1-$2-8$3-8$4-$5');
}

/** A timestamp in UTC with microseconds, the precision of the database. */
function instantOf(timestamp: string): string {
  const fraction = /\.(\d+)/.exec(timestamp)?.[1] ?? '';
  return `${new Date(timestamp.replace(/\.\d+/, '')).toISOString().slice(0, 19)}.${fraction.padEnd(6, '0').slice(0, 6)}`;
}
