import type { BoardRow } from '../progress/model.js';
import type { PupilStatus } from './model.js';

/**
 * Index of the station where a pupil goes on. A pupil who has begun nothing is at the first one, a pupil who has done all that counts is past
 * the last one.
 */
export function placeOf({ cells, complete }: Pick<BoardRow, 'cells' | 'complete'>): number {
  if (complete) return cells.length;
  const next = cells.findIndex((cell) => cell.next);
  if (next >= 0) return next;
  return Math.max(
    0,
    cells.findIndex((cell) => cell.state !== 'done'),
  );
}

const isBegun = ({ cells, extra }: Pick<BoardRow, 'cells' | 'extra'>): boolean =>
  [...cells, ...extra].some((cell) => cell.state !== 'todo');

/** One word for a pupil over all their running paths. */
export function statusOf(rows: readonly Pick<BoardRow, 'cells' | 'extra' | 'complete' | 'stuck'>[]): PupilStatus {
  if (rows.length === 0) return 'none';
  if (rows.some((row) => row.stuck)) return 'stuck';
  if (rows.every((row) => row.complete)) return 'done';
  return rows.some((row) => isBegun(row)) ? 'busy' : 'todo';
}
