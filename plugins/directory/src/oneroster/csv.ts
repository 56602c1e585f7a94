import { isUtf8 } from 'node:buffer';
import { type CsvError, parse } from 'csv-parse';
import { type Fault, type FaultCode, fault } from './faults.js';

/** One record: its row as a spreadsheet counts (the header is row 1) and its cells. */
export interface CsvRecord {
  row: number;
  cells: string[];
}

/** A longer record is an opening quotation mark that swallows the rest of the file. */
const recordLimit = 256 * 1024;

/** Bytes between two breaths, so that other requests are served while a large file is read. */
const chunkSize = 64 * 1024;

const codes: { [code: string]: FaultCode } = {
  CSV_QUOTE_NOT_CLOSED: 'quote-open',
  CSV_MAX_RECORD_SIZE: 'quote-open',
  INVALID_OPENING_QUOTE: 'quote-stray',
  CSV_INVALID_CLOSING_QUOTE: 'quote-stray',
};

/**
 * The records of a CSV file (RFC 4180; UTF-8 with or without a byte order mark), without the empty ones. A file that cannot be
 * read on from some point reports that and ends there.
 */
export async function* records(bytes: Buffer, file: string, report: (found: Fault) => void): AsyncGenerator<CsvRecord> {
  const wrong = firstRowNotUtf8(bytes);
  if (wrong !== null) {
    report(fault({ file, row: wrong }, 'encoding'));
    return;
  }
  const read: CsvRecord[] = [];
  let row = 1;
  const parser = parse({
    bom: true,
    relax_column_count: true,
    skip_empty_lines: false,
    max_record_size: recordLimit,
    on_record(cells: string[]) {
      if (cells.some((cell) => cell !== '')) read.push({ row, cells });
      row += 1 + lineBreaks(cells);
      return null;
    },
  });
  // Records are taken as they are parsed: what the stream still holds when it fails would be lost.
  let failure: CsvError | undefined;
  const ended = new Promise<void>((resolve) => {
    parser.once('close', resolve).once('error', (error) => {
      failure = error as CsvError;
    });
  });
  parser.resume();
  for (let start = 0; start < bytes.length && failure === undefined; start += chunkSize) {
    const chunk = bytes.subarray(start, start + chunkSize);
    await new Promise<void>((resolve) => parser.write(chunk, () => resolve()));
    yield* read.splice(0);
  }
  if (failure === undefined) parser.end();
  await ended;
  yield* read.splice(0);
  if (failure === undefined) return;
  const code = codes[failure.code];
  if (code === undefined) throw failure;
  report(fault({ file, row }, code));
}

function lineBreaks(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) if (/[\r\n]/.test(cell)) breaks += cell.match(/\r\n|\r|\n/g)?.length ?? 0;
  return breaks;
}

/** Row of the first line that is not UTF-8 text; a NUL byte is the mark of UTF-16, or of no text at all. */
function firstRowNotUtf8(bytes: Buffer): number | null {
  if (isUtf8(bytes) && !bytes.includes(0)) return null;
  let row = 1;
  for (let start = 0; start < bytes.length; row++) {
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    const line = bytes.subarray(start, end);
    if (!isUtf8(line) || line.includes(0)) return row;
    start = end + 1;
  }
  return row;
}
