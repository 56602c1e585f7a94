/** The separator of a CSV file, and the byte offset of its header. */
export interface Dialect {
  delimiter: ',' | ';' | '\t';
  start: number;
}

const byteOrderMark = Buffer.from('\ufeff');
/** Maximum number of bytes of a line that are examined. */
const lineLimit = 64 * 1024;

/**
 * Detects the separator. OneRoster requires commas. Spreadsheets with a decimal comma (Excel in Belgium) write `;`, and may declare it in a
 * hidden first line `sep=;`. For a header without commas, uses the separator that it has.
 */
export function dialectOf(bytes: Buffer): Dialect {
  const mark = bytes.subarray(0, byteOrderMark.length).equals(byteOrderMark) ? byteOrderMark.length : 0;
  const line = lineAt(bytes, mark);
  const named = /^"?sep=([,;\t])"?(?:\r?\n|\r|$)/i.exec(line);
  if (named !== null) return { delimiter: named[1] as Dialect['delimiter'], start: mark + Buffer.byteLength(named[0]) };
  const delimiter = line.includes(',') ? ',' : line.includes(';') ? ';' : line.includes('\t') ? '\t' : ',';
  return { delimiter, start: mark };
}

/** The line that begins at a byte offset, with its line break. */
function lineAt(bytes: Buffer, start: number): string {
  const text = bytes.subarray(start, start + lineLimit).toString('utf8');
  return /^[^\r\n]*(?:\r?\n|\r)?/.exec(text)?.[0] ?? '';
}
