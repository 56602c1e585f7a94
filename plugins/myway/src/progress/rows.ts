import type { BoardRow, Cell, Counts } from './model.js';

/** The cells of every step that the pupil has. */
const ownCells = ({ cells, extra }: BoardRow): readonly Cell[] => (extra.length === 0 ? cells : [...cells, ...extra]);

/** Whether a step is done with a low score. */
const isLow = (row: BoardRow): boolean => ownCells(row).some((cell) => cell.state === 'done' && cell.low);
const started = (row: BoardRow): boolean => ownCells(row).some((cell) => cell.state !== 'todo');

/** Filters of the board, by their name in the address (`?toon=vast`). */
export const filters = {
  allen: () => true,
  vast: (row: BoardRow) => row.stuck,
  laag: isLow,
  klaar: (row: BoardRow) => row.complete,
  bezig: (row: BoardRow) => !row.complete && started(row),
  'niet-begonnen': (row: BoardRow) => !row.complete && !started(row),
} as const;
export type Filter = keyof typeof filters;

/** Numbers of pupils, those that the filters show. */
export function countsOf(rows: readonly BoardRow[]): Counts {
  const number = (filter: Filter): number => rows.filter(filters[filter]).length;
  return {
    pupils: rows.length,
    complete: number('klaar'),
    busy: number('bezig'),
    notStarted: number('niet-begonnen'),
    stuck: number('vast'),
    low: number('laag'),
  };
}

/** Whether the pupil is stuck or has a low score, and so comes first on the board. */
export const needsTeacher = (row: BoardRow): boolean => row.stuck || isLow(row);

/** Sort orders of the board, by their name in the address (`?volgorde=ver`); `nodig` is the default. The server sorts by family name. */
export const orders = {
  nodig: (a: BoardRow, b: BoardRow) => Number(b.stuck) - Number(a.stuck) || Number(isLow(b)) - Number(isLow(a)),
  naam: () => 0,
  vast: (a: BoardRow, b: BoardRow) => stuckCells(b) - stuckCells(a) || share(a) - share(b),
  ver: (a: BoardRow, b: BoardRow) => share(b) - share(a),
} as const;
export type Order = keyof typeof orders;

const stuckCells = (row: BoardRow): number => ownCells(row).filter((cell) => cell.stuck !== null).length;
const share = (row: BoardRow): number => (row.total === 0 ? 0 : row.done / row.total);

/**
 * Share of the steps that are done, 0 to 1; null without any. A step on a way that is not the pupil's does not count for that pupil.
 *
 * @param step position of the only step to count; without it, all
 */
export function shareDone(rows: readonly BoardRow[], step?: number): number | null {
  const cells = rows
    .flatMap((row) => (step === undefined ? row.cells : (row.cells[step] ?? [])))
    .filter(({ state, away }) => state === 'done' || !away);
  return cells.length === 0 ? null : cells.filter(({ state }) => state === 'done').length / cells.length;
}
