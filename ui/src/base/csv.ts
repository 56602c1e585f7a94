/**
 * What spreadsheets take for the beginning of a formula, after what they skip before it. Folded first: some read full-width signs, and small
 * ones, as the plain signs.
 */
const beginsFormula = (text: string): boolean =>
  /^[\t\r\n]/.test(text) || /^[\s\p{Cc}\p{Cf}\p{Z}]*[=+\-@−]/u.test(text.normalize('NFKC'));

/** A comma marks decimals where semicolons part cells. Text that would begin a formula gets an apostrophe, which makes it text. */
function cellOf(value: string | number): string {
  const text = typeof value === 'number' ? String(value).replace('.', ',') : beginsFormula(value) ? `'${value}` : value;
  return /[";\r\n\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

/** A table for a spreadsheet: semicolons and a byte-order mark, as Excel expects it in Belgium. Nothing in it runs as a formula. */
export const csvOfRows = (rows: readonly (readonly (string | number)[])[]): string =>
  `\uFEFF${rows.map((row) => row.map(cellOf).join(';')).join('\r\n')}\r\n`;
