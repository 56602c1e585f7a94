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

/**
 * The class board as a table for a spreadsheet. Of a step that was scored the share in per cent, else the state in words.
 */
export function tableOf(board: Board, words: CsvWords): (string | number)[][] {
  const head = [words.familyName, words.givenName, ...board.steps.map((step) => step.title), words.done, words.lastActive];
  const rows = board.rows.map((row) => [
    row.pupil.familyName,
    row.pupil.givenName,
    ...row.cells.map((cell) =>
      cell.score === null ? words.cell(cell) : Math.round((1000 * cell.score.given) / cell.score.maximum) / 10,
    ),
    words.progress(row),
    row.lastActiveAt?.slice(0, 10) ?? '',
  ]);
  return [head, ...rows];
}
