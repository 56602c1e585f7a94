import type { Board, BoardRow, Cell } from './model.js';

export interface CsvWords {
  familyName: string;
  givenName: string;
  done: string;
  lastActive: string;
  /** Text of a cell without a score. */
  cell(cell: Cell): string;
  /** A pupil's progress in words, because spreadsheets read `3/6` as a date. */
  progress(row: BoardRow): string;
}

/** Per cent with one decimal. May exceed 100, but is never Infinity. */
const percentage = ({ given, maximum }: { given: number; maximum: number }): number =>
  Math.round(Math.min((given / maximum) * 1000, Number.MAX_SAFE_INTEGER)) / 10;

/** The class board as a table for a spreadsheet: scores in per cent, or the state in words. */
export function tableOf(board: Pick<Board, 'steps' | 'rows'>, words: CsvWords): (string | number)[][] {
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
