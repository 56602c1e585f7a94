import { CSV_START, type CsvCell, csvLine } from './csv.js';

/** Number of characters in one part. */
const PART = 32 * 1024;

/**
 * A spreadsheet table of any length, generated while it is read: the answer of a route whose response is `text/csv`. Uses semicolons, a
 * byte-order mark and decimal commas, as Excel expects in Belgium. No cell runs as a formula.
 */
export async function* csvStream(
  rows: AsyncIterable<readonly CsvCell[]> | Iterable<readonly CsvCell[]>,
): AsyncGenerator<Uint8Array> {
  let text = CSV_START;
  for await (const row of rows) {
    text += csvLine(row);
    if (text.length < PART) continue;
    yield Buffer.from(text);
    text = '';
  }
  if (text !== '') yield Buffer.from(text);
}
