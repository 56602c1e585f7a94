import { CSV_START, type CsvCell, csvLine } from '@ilearn/core/csv';

/** A CSV table for spreadsheets, with semicolons and a byte-order mark, as Excel expects in Belgium. Cells cannot run as formulas. */
export const csvOfRows = (rows: readonly (readonly CsvCell[])[]): string => CSV_START + rows.map(csvLine).join('');
