import { isUtf8 } from 'node:buffer';
import { type CsvError, parse } from 'csv-parse/sync';
import { type Column, columnNames, required } from './columns.js';

/** What is wrong, and where: the row as in a spreadsheet, where the header is row 1. */
export interface Fault {
  row: number;
  column: string | null;
  code: FaultCode;
}

export const faultCodes = [
  // of the file
  ...(['not-text', 'quote', 'rows-many', 'rows-none', 'column-missing', 'column-unknown', 'column-twice'] as const),
  // of a row
  ...(['cells-many', 'required', 'invalid', 'ages', 'key-twice', 'concept-unknown', 'concept-ambiguous'] as const),
] as const;
export type FaultCode = (typeof faultCodes)[number];

export interface TableRow {
  row: number;
  cells: Partial<Record<Column, string>>;
}

export const mostRows = 2_000;
/** Bytes of one row. A larger one comes from a quotation mark that is never closed. */
const mostInRow = 64 * 1024;

const quoteFaults = ['CSV_QUOTE_NOT_CLOSED', 'CSV_MAX_RECORD_SIZE', 'INVALID_OPENING_QUOTE', 'CSV_INVALID_CLOSING_QUOTE'];

/**
 * Reads a CSV table (RFC 4180; UTF-8, with or without a byte-order mark; separated by the first of `;`, `,` or tab that the header has),
 * without empty rows. One fault in the file is all that is reported of it.
 */
export function readTable(bytes: Uint8Array): { rows: TableRow[]; faults: Fault[] } {
  const failed = (row: number, code: FaultCode, column: string | null = null) => ({ rows: [], faults: [{ row, column, code }] });
  if (!isUtf8(bytes) || bytes.includes(0)) return failed(firstBadRow(bytes), 'not-text');
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replace(/^"?sep=.{1,3}\r?\n/i, '');
  let records: { record: string[]; info: { lines: number } }[];
  try {
    records = parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      max_record_size: mostInRow,
      skip_empty_lines: false,
      info: true,
      to: mostRows + 20_000,
    }) as unknown as typeof records;
  } catch (error) {
    const { code, lines } = error as CsvError & { lines?: number };
    if (!quoteFaults.includes(code)) throw error;
    return failed(lines ?? 1, 'quote');
  }
  const filled = records
    .map(({ record }, index) => ({ row: index + 1, record: record.map(plain) }))
    .filter(({ record }) => record.some((cell) => cell !== ''));
  const [header, ...body] = filled;
  if (header === undefined || body.length === 0) return failed(1, 'rows-none');
  if (body.length > mostRows) return failed((body[mostRows] as { row: number }).row, 'rows-many');
  const names = header.record.map((name) => columnNames.find((known) => known.toLowerCase() === name.toLowerCase()) ?? name);
  const faults = headerFaults(names).map((fault) => ({ ...fault, row: header.row }));
  if (faults.length > 0) return { rows: [], faults };
  const rows: TableRow[] = [];
  for (const { row, record } of body) {
    if (record.slice(names.length).some((cell) => cell !== '')) faults.push({ row, column: null, code: 'cells-many' });
    else rows.push({ row, cells: Object.fromEntries(names.map((name, n) => [name, record[n] ?? ''])) });
  }
  return { rows, faults };
}

function headerFaults(names: readonly string[]): Omit<Fault, 'row'>[] {
  const known: readonly string[] = columnNames;
  const used = names.filter((name) => name !== '');
  return [
    ...used
      .filter((name) => !known.includes(name))
      .map((column) => ({ column: column.slice(0, 100), code: 'column-unknown' as const })),
    ...used.filter((name, n) => used.indexOf(name) !== n).map((column) => ({ column, code: 'column-twice' as const })),
    ...required.filter((name) => !names.includes(name)).map((column) => ({ column, code: 'column-missing' as const })),
  ].slice(0, 50);
}

/** Cells that would be formulas get an apostrophe when the portal writes a table; it is taken off again. */
const plain = (cell: string): string => cell.trim().replace(/^'(?=[\s\p{Cc}\p{Cf}\p{Z}]*[=+\-@−\uff1d\uff0b\uff0d\uff20])/u, '');

function delimiterOf(text: string): string {
  const [header = ''] = text.split(/\r?\n|\r/, 1);
  return [';', ',', '\t'].find((sign) => header.includes(sign)) ?? ';';
}

/** Row of the first line that is not UTF-8. A NUL byte indicates UTF-16 or a binary file. */
function firstBadRow(bytes: Uint8Array): number {
  const buffer = Buffer.from(bytes);
  for (let row = 1, start = 0; start < buffer.length; row += 1) {
    const newline = buffer.indexOf(0x0a, start);
    const end = newline === -1 ? buffer.length : newline;
    const part = buffer.subarray(start, end);
    if (!isUtf8(part) || part.includes(0)) return row;
    start = end + 1;
  }
  return 1;
}
