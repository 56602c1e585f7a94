import type { Board, BoardRow, Cell } from './model.js';

export interface CsvWords {
  familyName: string;
  givenName: string;
  done: string;
  lastActive: string;
  /** What stands in a pupil's cell for a step without a score. */
  cell(cell: Cell): string;
  /** How far a pupil is, in words; `3/6` would become a date. */
  progress(row: BoardRow): string;
}

/** To one decimal. Above 100 for a score above its maximum; a number in any case, which Infinity is not for a spreadsheet. */
const percentage = ({ given, maximum }: { given: number; maximum: number }): number =>
  Math.round(Math.min((given / maximum) * 1000, Number.MAX_SAFE_INTEGER)) / 10;

/**
 * The class board as a table for a spreadsheet. Of a step that was scored the share in per cent, else the state in words.
 */
export function tableOf(board: Board, words: CsvWords): (string | number)[][] {
  const head = [words.familyName, words.givenName, ...board.steps.map((step) => step.title), words.done, words.lastActive];
  const rows = board.rows.map((row) => [
    row.pupil.familyName,
    row.pupil.givenName,
    ...row.cells.map((cell) => (cell.score === null ? words.cell(cell) : percentage(cell.score))),
    words.progress(row),
    row.lastActiveAt?.slice(0, 10) ?? '',
  ]);
  return [head, ...rows];
}
