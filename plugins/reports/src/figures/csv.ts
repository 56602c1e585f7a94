import { CSV_START, csvLine } from '@ilearn/core/csv';
import { columns, type FigureRow } from './rows.js';

/** Figures as CSV. */
export const figuresCsv = (rows: readonly FigureRow[]): string =>
  CSV_START + [columns, ...rows.map((row) => row.map((cell) => cell ?? ''))].map(csvLine).join('');
