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

/** Spreadsheets run what begins like a formula; an apostrophe makes it text. */
const harmless = (text: string): string => (/^[=+\-@\t\r]/.test(text) ? `'${text}` : text);

const field = (value: string | number): string => {
  const text = typeof value === 'number' ? String(value).replace('.', ',') : harmless(value);
  return /[";\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/**
 * The class board for a spreadsheet: semicolons and a byte-order mark, as Excel expects where a comma marks decimals. Of a
 * step that was scored the share in per cent, else the state in words.
 */
export function csvOf(board: Board, words: CsvWords): string {
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
  return `\uFEFF${[head, ...rows].map((row) => row.map(field).join(';')).join('\r\n')}\r\n`;
}
