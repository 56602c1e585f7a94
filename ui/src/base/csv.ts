/**
 * Whether a spreadsheet would read the text as a formula. Normalised first, because some read full-width and small signs as the plain ones.
 */
const beginsFormula = (text: string): boolean =>
  /^[\t\r\n]/.test(text) || /^[\s\p{Cc}\p{Cf}\p{Z}]*[=+\-@−]/u.test(text.normalize('NFKC'));

/** Decimals have a comma, because cells are separated by semicolons. Text that would be a formula gets an apostrophe. */
function cellOf(value: string | number): string {
  const text = typeof value === 'number' ? String(value).replace('.', ',') : beginsFormula(value) ? `'${value}` : value;
  return /[";\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table for spreadsheets: semicolons and a byte-order mark, as Excel expects in Belgium. No cell runs as a formula. */
export const csvOfRows = (rows: readonly (readonly (string | number)[])[]): string =>
  `\uFEFF${rows.map((row) => row.map(cellOf).join(';')).join('\r\n')}\r\n`;
