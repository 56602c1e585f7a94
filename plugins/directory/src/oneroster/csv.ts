import { isUtf8 } from 'node:buffer';
import { Yielder } from '@ilearn/core';
import type { CsvError } from 'csv-parse';
import { dialectOf } from './dialect.js';
import { type Fault, type FaultCode, fault } from './faults.js';
import { fromWindows1252 } from './windows-1252.js';

/** One record: its row as in a spreadsheet (the header is row 1), and its cells. */
export interface CsvRecord {
  row: number;
  cells: string[];
}

/** Maximum number of records, including empty ones: the maximum number of rows of a spreadsheet. */
const sheetRows = 1_048_576;
/** Maximum number of empty lines, which take the parser longer than others. */
const emptyLines = 20_000;

/** Whether a file ends without a line break. */
export const endsOpen = (bytes: Buffer): boolean => bytes.length > 0 && ![0x0a, 0x0d].includes(bytes[bytes.length - 1] as number);

/** Maximum size of a record in bytes. A larger one is caused by a quotation mark that is never closed. */
const recordLimit = 256 * 1024;

/** Bytes parsed at a time (a few milliseconds), before yielding to other work. */
const chunkSize = 1024;

const codes: { [code: string]: FaultCode } = {
  CSV_QUOTE_NOT_CLOSED: 'quote-open',
  CSV_MAX_RECORD_SIZE: 'quote-open',
  INVALID_OPENING_QUOTE: 'quote-stray',
  CSV_INVALID_CLOSING_QUOTE: 'quote-stray',
};

/**
 * The records of a CSV file (RFC 4180; UTF-8 with or without a byte order mark; separators by {@link dialectOf}), except empty ones.
 * Reports a fault and ends if the file is unreadable or has more than `limit` records after the first.
 *
 * @param onWindows1252 called if the file is read as Windows-1252; without it, such a file is unreadable
 */
export async function* records(
  sent: Buffer,
  file: string,
  report: (found: Fault) => void,
  limit = Number.POSITIVE_INFINITY,
  onWindows1252?: () => void,
): AsyncGenerator<CsvRecord> {
  const yielder = new Yielder();
  const wrong = await firstRowNotUtf8(sent, yielder);
  const translated = wrong === null || onWindows1252 === undefined ? null : await fromWindows1252(sent, yielder);
  if (wrong !== null && translated === null) {
    report(fault({ file, row: wrong }, 'encoding'));
    return;
  }
  if (translated !== null) onWindows1252?.();
  const bytes = translated ?? sent;
  const read: CsvRecord[] = [];
  let row = 1;
  let given = 0;
  let empty = 0;
  const { delimiter, start: header } = dialectOf(bytes);
  // Loaded when first needed: only an import does.
  const { parse } = await import('csv-parse');
  const parser = parse({
    delimiter,
    relax_column_count: true,
    skip_empty_lines: false,
    max_record_size: recordLimit,
    on_record(cells: string[]) {
      if (cells.length === 1 && cells[0] === '') empty += 1;
      else if (cells.some((cell) => cell !== '')) read.push({ row, cells });
      row += 1 + lineBreaks(cells);
      return null;
    },
  });
  // Collect records while they are parsed, because a failing stream drops its buffer.
  let failure: CsvError | undefined;
  const ended = new Promise<void>((resolve) => {
    parser.once('close', resolve).once('error', (error) => {
      failure = error as CsvError;
    });
  });
  parser.resume();
  for (let start = header; start < bytes.length && failure === undefined; start += chunkSize) {
    const chunk = bytes.subarray(start, start + chunkSize);
    await new Promise<void>((resolve) => parser.write(chunk, () => resolve()));
    for (const record of read.splice(0)) {
      if (++given > limit + 1) {
        parser.destroy();
        report(fault({ file, row: record.row }, 'rows-many', { limit }));
        return;
      }
      yield record;
    }
    if (row > sheetRows || empty > emptyLines) {
      parser.destroy();
      report(fault({ file, row }, 'rows-many', { limit: row > sheetRows ? sheetRows : emptyLines }));
      return;
    }
    await yielder.yield();
  }
  if (failure === undefined) parser.end();
  await ended;
  yield* read.splice(0);
  if (failure === undefined) return;
  const code = codes[failure.code];
  if (code === undefined) throw failure;
  report(fault({ file, row }, code));
}

/** Adds to each record whether it is the last readable one. */
export async function* withLast(all: AsyncIterable<CsvRecord>): AsyncGenerator<CsvRecord & { last: boolean }> {
  let held: CsvRecord | null = null;
  for await (const record of all) {
    if (held !== null) yield { ...held, last: false };
    held = record;
  }
  if (held !== null) yield { ...held, last: true };
}

function lineBreaks(cells: readonly string[]): number {
  let breaks = 0;
  for (const cell of cells) if (/[\r\n]/.test(cell)) breaks += cell.match(/\r\n|\r|\n/g)?.length ?? 0;
  return breaks;
}

/** Row of the first line that is not UTF-8. A NUL byte indicates UTF-16 or a binary file. */
async function firstRowNotUtf8(bytes: Buffer, yielder: Yielder): Promise<number | null> {
  if (isUtf8(bytes) && !bytes.includes(0)) return null;
  let row = 1;
  for (let start = 0; start < bytes.length; row++) {
    if (yielder.due()) await yielder.yield();
    const newline = bytes.indexOf(0x0a, start);
    const end = newline === -1 ? bytes.length : newline;
    const line = bytes.subarray(start, end);
    if (!isUtf8(line) || line.includes(0)) return row;
    start = end + 1;
  }
  return row;
}
