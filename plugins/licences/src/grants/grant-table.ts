import { isUtf8 } from 'node:buffer';
import { type CsvError, parse } from 'csv-parse/sync';

export const columns = ['instellingsnummer', 'actie', 'plaatsen'] as const;
export type Column = (typeof columns)[number];

export const faultCodes = [
  ...(['not-text', 'quote', 'rows-many', 'rows-none', 'column-missing', 'column-unknown', 'column-twice'] as const),
  ...(['cells-many', 'number', 'act', 'seats', 'unlimited', 'twice', 'school-unknown'] as const),
] as const;

/** What is wrong, and where: the row as in a spreadsheet, where the header is row 1. */
export interface Fault {
  row: number;
  column: string | null;
  code: (typeof faultCodes)[number];
}

export interface GrantRow {
  row: number;
  number: string;
  act: 'grant' | 'withdraw';
  /** Null: those of the plan; undefined: as it is, since the table does not say. */
  seats: number | null | undefined;
}

export const mostRows = 5_000;
/** With the header and empty rows. */
const mostRecords = mostRows + 20_000;
const acts: Record<string, GrantRow['act']> = { '': 'grant', geef: 'grant', intrekken: 'withdraw' };
export const actWords = { grant: 'geef', withdraw: 'intrekken' } as const;

/**
 * Reads a table of grants (RFC 4180; UTF-8, with or without a byte-order mark; separated by `;`, `,` or tab). Numbers keep their leading
 * zeros; a spreadsheet that took them away leaves a number of five digits or fewer, which is filled up.
 *
 * @param hasSeats whether the plan has seats, of which a school may get a part
 */
export function readGrants(bytes: Uint8Array, hasSeats: boolean): { rows: GrantRow[]; faults: Fault[] } {
  const failed = (row: number, code: Fault['code'], column: string | null = null) => ({
    rows: [],
    faults: [{ row, column, code }],
  });
  if (!isUtf8(bytes) || bytes.includes(0)) return failed(1, 'not-text');
  const text = Buffer.from(bytes)
    .toString('utf8')
    .replace(/^\ufeff/, '')
    .replace(/^"?sep=.{1,3}\r?\n/i, '');
  let records: string[][];
  try {
    records = parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      max_record_size: 10_000,
      to: mostRecords + 1,
    });
  } catch (error) {
    return failed((error as CsvError & { lines?: number }).lines ?? 1, 'quote');
  }
  // More would be dropped: rows may be empty, and are read all the same.
  if (records.length > mostRecords) return failed(mostRecords + 1, 'rows-many');
  const [header = [], ...body] = records.map((record) => record.map((cell) => cell.trim()));
  const names = header.map((name) => name.toLowerCase());
  const unknown = names.findIndex((name) => !columns.includes(name as Column));
  if (unknown !== -1) return failed(1, 'column-unknown', header[unknown]?.slice(0, 100) ?? null);
  if (new Set(names).size < names.length) return failed(1, 'column-twice');
  if (!names.includes('instellingsnummer')) return failed(1, 'column-missing', 'instellingsnummer');
  const filled = body.map((cells, at) => ({ row: at + 2, cells })).filter(({ cells }) => cells.some((cell) => cell !== ''));
  if (filled.length === 0) return failed(2, 'rows-none');
  if (filled.length > mostRows) return failed(mostRows + 2, 'rows-many');
  return readRows(filled, names, hasSeats);
}

function readRows(filled: readonly { row: number; cells: string[] }[], names: readonly string[], hasSeats: boolean) {
  const faults: Fault[] = [];
  const seen = new Set<string>();
  const rows = filled.flatMap(({ row, cells }): GrantRow[] => {
    const cell = (column: Column) => cells[names.indexOf(column)] ?? '';
    const fault = (column: Column, code: Fault['code']) => {
      faults.push({ row, column, code });
      return [];
    };
    if (cells.slice(names.length).some((extra) => extra !== '')) {
      faults.push({ row, column: null, code: 'cells-many' });
      return [];
    }
    const typed = cell('instellingsnummer');
    if (!/^[0-9]{4,6}$/.test(typed)) return fault('instellingsnummer', 'number');
    const number = typed.padStart(6, '0');
    if (seen.has(number)) return fault('instellingsnummer', 'twice');
    seen.add(number);
    const act = acts[cell('actie').toLowerCase()];
    if (act === undefined) return fault('actie', 'act');
    const seats = cell('plaatsen');
    if (seats !== '' && !/^[1-9][0-9]{0,5}$/.test(seats)) return fault('plaatsen', 'seats');
    if (seats !== '' && !hasSeats) return fault('plaatsen', 'unlimited');
    if (!names.includes('plaatsen')) return [{ row, number, act, seats: undefined }];
    return [{ row, number, act, seats: seats === '' ? null : Number(seats) }];
  });
  return { rows, faults };
}

/** The separator that the header has most of. */
function delimiterOf(text: string): string {
  const [header = ''] = text.split(/\r?\n/, 1);
  const count = (sign: string) => header.split(sign).length;
  return [';', ',', '\t'].reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}
