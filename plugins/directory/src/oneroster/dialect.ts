/** How a CSV file separates its cells, and at which byte its header begins. */
export interface Dialect {
  delimiter: ',' | ';' | '\t';
  start: number;
}

const byteOrderMark = Buffer.from('\ufeff');
/** No first line is looked at beyond this. */
const lineLimit = 64 * 1024;

/**
 * Spreadsheets write `;` where the decimal separator is a comma (Excel in Belgium), and may say so in a line of their own that
 * they do not show: `sep=;`. OneRoster asks for commas; a header without any is read by what it has instead.
 */
export function dialectOf(bytes: Buffer): Dialect {
  const mark = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0;
  const line = lineAt(bytes, mark);
  const named = /^"?sep=([,;\t])"?(?:\r?\n|\r|$)/i.exec(line);
  if (named !== null) return { delimiter: named[1] as Dialect['delimiter'], start: mark + Buffer.byteLength(named[0]) };
  const delimiter = line.includes(',') ? ',' : line.includes(';') ? ';' : line.includes('\t') ? '\t' : ',';
  return { delimiter, start: mark };
}

/** The line that begins at a byte, with its line break. */
function lineAt(bytes: Buffer, start: number): string {
  const text = bytes.subarray(start, start + lineLimit).toString('utf8');
  return /^[^\r\n]*(?:\r?\n|\r)?/.exec(text)?.[0] ?? '';
}
