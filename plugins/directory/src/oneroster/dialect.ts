/** The separator of a CSV file's cells, and the byte at which its header begins. */
export interface Dialect {
  delimiter: ',' | ';' | '\t';
  start: number;
}

const byteOrderMark = Buffer.from('\ufeff');
/** Longest first line that is examined. */
const lineLimit = 64 * 1024;

/**
 * Detects the separator. OneRoster requires commas; spreadsheets with a decimal comma (Excel in Belgium) write `;`, and may announce it in
 * a first line `sep=;` that they do not show. A header without commas is read by the separator that it has.
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
