/** Start of a spreadsheet table: the byte-order mark by which Excel recognises UTF-8. */
export const CSV_START = '\uFEFF';

/** A cell of a table: text, or a number, which is written with a decimal comma. */
export type CsvCell = string | number;

/**
 * Whether a spreadsheet would read the text as a formula. The text is normalised first, because some spreadsheets treat full-width and
 * small signs like the plain ones.
 */
const beginsFormula = (text: string): boolean =>
  /^[\t\r\n]/.test(text) || /^[\s\p{Cc}\p{Cf}\p{Z}]*[=+\-@−]/u.test(text.normalize('NFKC'));

/** Decimals use a comma, because cells are separated by semicolons. Text that would be a formula gets an apostrophe. */
function cellOf(value: CsvCell): string {
  const text = typeof value === 'number' ? String(value).replace('.', ',') : beginsFormula(value) ? `'${value}` : value;
  return /[";\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A row of a spreadsheet table, with semicolons, as Excel expects in Belgium. No cell runs as a formula. */
export const csvLine = (cells: readonly CsvCell[]): string => `${cells.map(cellOf).join(';')}\r\n`;
