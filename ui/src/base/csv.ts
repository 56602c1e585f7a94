import { CSV_START, type CsvCell, csvLine } from '@ilearn/core/csv';

/** A table for spreadsheets: semicolons and a byte-order mark, as Excel expects in Belgium. No cell runs as a formula. */
export const csvOfRows = (rows: readonly (readonly CsvCell[])[]): string => CSV_START + rows.map(csvLine).join('');
