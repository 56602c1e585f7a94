import type { Column } from './cells.js';
import { endsOpen, records } from './csv.js';
import { type Fault, type FaultCode, FaultList, fault, shown } from './faults.js';
import { columns, type FileName, fileNames, otherFiles, personalColumns, type Row, unusedColumns } from './format.js';
import { type Manifest, readManifest } from './manifest.js';
import type { PackageFiles } from './package.js';

export const leftOutReasons = [
  'personal',
  'unused',
  'unknown',
  'no-portal-role',
  'not-now',
  'gone-already',
  'school-stays',
  'school-group',
] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

/** Something in the package that is not imported, and why; nothing that needs mending. */
export interface LeftOut {
  file: string;
  column: string | null;
  /**
   * - `personal`: the portal has no need of it, so it does not keep it
   * - `unused`: part of the standard that the portal makes no use of
   * - `unknown`: not part of the standard
   * - `no-portal-role`: rows of people, or of roles, that have no place in the portal (parents, aides, …)
   * - `not-now`: roles outside their dates, and what hangs on them
   * - `gone-already`: rows to be deleted that the portal does not have
   * - `school-stays`: a school is not deleted by a file
   * - `school-group`: school groups are changed by a portal administrator only
   */
  reason: LeftOutReason;
  /** Cells or rows; for a whole file null. */
  count: number | null;
}

/** A row with faults, with what it says of the school that it belongs to. */
export interface FaultyRow {
  row: Row<FileName> | null;
  file: FileName | null;
  /** Its cells cannot be told apart, so nothing that it says of a school can be trusted. */
  torn: boolean;
}

/** A package as read: every row with sound cells, and everything that was wrong. */
export interface Roster {
  manifest: Manifest;
  rows: { [N in FileName]: Row<N>[] };
  leftOut: LeftOut[];
  /** Faults after which nothing of the package can be trusted. */
  fatal: Fault[];
  /** Faults of single rows. */
  found: FaultList;
  /** The rows that have them, which are not in `rows`. */
  faulty: FaultyRow[];
  /** Their sourcedIds. */
  faultyIds: Record<FileName, Set<string>>;
}

/** Rows of a file, without the header, and of all files together: what a process plans in some seconds and some hundred MB. */
export interface RowLimits {
  rows: Record<FileName, number>;
  total: number;
}

export const rowLimits: RowLimits = {
  rows: {
    academicSessions: 2_000,
    orgs: 10_000,
    courses: 50_000,
    users: 200_000,
    roles: 200_000,
    classes: 50_000,
    enrollments: 400_000,
  },
  total: 600_000,
};

/** Rows whose cells cannot be told apart, after which a file is not worth reading on. */
const tornLimit = 1000;

/** Columns of a file; the standard knows some twenty of each. */
const columnLimit = 200;

/** Reads all files of a package. `onRow` is called for each row read. */
export async function readRoster(
  files: PackageFiles,
  onRow: () => void = () => {},
  limits: RowLimits = rowLimits,
): Promise<Roster> {
  const fatal: Fault[] = [];
  const manifest = await readManifest(files, (found) => fatal.push(found));
  const roster: Roster = {
    manifest: manifest ?? { version: '1.2', modes: {} },
    rows: { academicSessions: [], orgs: [], courses: [], users: [], roles: [], classes: [], enrollments: [] },
    leftOut: [],
    fatal,
    faulty: [],
    faultyIds: Object.fromEntries(fileNames.map((name) => [name, new Set<string>()])) as Roster['faultyIds'],
    found: new FaultList(),
  };
  let left = limits.total;
  for (const name of fileNames) {
    const bytes = files.get(`${name}.csv`);
    // Without a manifest the files are looked at all the same, so that all their faults come at once.
    if (bytes !== undefined && (manifest === null || manifest.modes[name] !== undefined))
      left -= await readFile(name, bytes, roster, onRow, { rows: limits.rows[name], left, total: limits.total });
  }
  for (const path of files.keys()) {
    const name = path.replace(/\.csv$/i, '');
    if (path === 'manifest.csv' || (fileNames as string[]).includes(name)) continue;
    roster.leftOut.push({ file: path, column: null, reason: otherFiles[name] ?? 'unknown', count: null });
  }
  return roster;
}

type AnyColumns = { [column: string]: Column<unknown> };

/** @returns how many rows it read */
async function readFile(
  name: FileName,
  bytes: Buffer,
  roster: Roster,
  onRow: () => void,
  limit: { rows: number; left: number; total: number },
): Promise<number> {
  const file = `${name}.csv`;
  const delta = roster.manifest.modes[name] === 'delta';
  const wanted = columnsOf(name, roster.manifest);
  const rows = roster.rows[name] as Row<FileName>[];
  const firstRow = new Map<string, number>();
  const ignored = new Map<number, number>();
  let header: Header | null = null;
  let count = 0;
  let torn = 0;
  /** Reports the row before, which has too few cells; whether the file was cut off there is known now. */
  let short: ((last: boolean) => void) | null = null;
  const addFaulty = (found: readonly Fault[], read: Row<FileName> | null, torn = false) => {
    for (const one of found) roster.found.add(one);
    roster.faulty.push({ row: read, file: read === null ? null : name, torn });
    if (read?.cells.sourcedId) roster.faultyIds[name].add(read.cells.sourcedId);
  };

  for await (const { row, cells } of records(bytes, file, (found) => roster.fatal.push(found), limit.rows)) {
    if (header === null) {
      header = readHeader(file, row, cells, wanted, roster.fatal);
      if (header === null) return count;
      continue;
    }
    count += 1;
    if (count > limit.left) {
      roster.fatal.push(fault({ file, row }, 'rows-total', { limit: limit.total }));
      return count;
    }
    short?.(false);
    short = null;
    while (cells.length > header.names.length && cells.at(-1) === '') cells.pop();
    if (cells.length !== header.names.length) {
      if (++torn > tornLimit) {
        roster.fatal.push(fault({ file, row }, 'cells-many', { limit: tornLimit }));
        return count;
      }
      const params = { found: cells.length, expected: header.names.length };
      const known = idOnly(row, cells, header, wanted);
      const told = (code: FaultCode) => addFaulty([fault({ file, row }, code, params)], known, true);
      if (cells.length < header.names.length) short = (last) => told(last && endsOpen(bytes) ? 'cut-off' : 'cells-count');
      else told('cells-count');
      continue;
    }
    onRow();
    const faults: Fault[] = [];
    const read = readRow(file, row, cells, header, wanted, delta, faults);
    const sourcedId = read.cells.sourcedId ?? '';
    const first = firstRow.get(sourcedId);
    if (first !== undefined) faults.push(fault({ file, row, column: 'sourcedId' }, 'twice', { value: shown(sourcedId), first }));
    else if (sourcedId !== '') firstRow.set(sourcedId, row);
    if (faults.length === 0) rows.push(read);
    if (faults.length > 0) addFaulty(faults, read);
    for (const index of header.others) if ((cells[index] ?? '').trim() !== '') ignored.set(index, (ignored.get(index) ?? 0) + 1);
  }
  short?.(true);
  if (header === null) {
    if (!roster.fatal.some((found) => found.file === file)) roster.fatal.push(fault({ file, row: 1 }, 'header-empty'));
    return count;
  }
  for (const [index, count] of ignored) {
    const column = header.names[index] as string;
    if (unusedColumns[name]?.includes(column)) continue;
    roster.leftOut.push({ file, column, reason: personalColumns[name]?.includes(column) ? 'personal' : 'unknown', count });
  }
  return count;
}

/** A row whose cells cannot be told apart, as far as what it is called: so that rows that refer to it need no report. */
function idOnly(row: number, cells: string[], header: Header, wanted: AnyColumns): Row<FileName> | null {
  const sourcedId = (cells[header.at.get('sourcedId') ?? -1] ?? '').trim().normalize('NFC');
  if (sourcedId === '') return null;
  const none = Object.fromEntries(Object.keys(wanted).map((column) => [column, null]));
  return { row, deleted: false, cells: { ...none, sourcedId } } as unknown as Row<FileName>;
}

/** In 1.1 users.csv says who is what in which school; in 1.2 roles.csv does. */
function columnsOf(name: FileName, { version }: Manifest): AnyColumns {
  const { orgSourcedIds, role, ...users } = columns.users;
  if (name !== 'users') return columns[name];
  return version === '1.2' ? users : { ...users, orgSourcedIds: required(orgSourcedIds), role: required(role) };
}

const required = <T>(column: Column<T>): Column<T> => ({ ...column, required: true });

interface Header {
  names: string[];
  at: Map<string, number>;
  /** Columns that are not read. */
  others: number[];
}

function readHeader(file: string, row: number, cells: string[], wanted: AnyColumns, faults: Fault[]): Header | null {
  const names = cells.map((cell) => cell.trim());
  const found = names.length === 1 ? /[;\t|]/.exec(names[0] as string)?.[0] : undefined;
  if (found !== undefined) {
    faults.push(fault({ file, row }, 'separator', { found: found === '\t' ? 'tab' : found }));
    return null;
  }
  if (names.length > columnLimit) {
    faults.push(fault({ file, row }, 'columns-many', { found: names.length, limit: columnLimit }));
    return null;
  }
  const at = new Map<string, number>();
  const before = faults.length;
  for (const [index, name] of names.entries()) {
    if (name !== '' && at.has(name)) faults.push(fault({ file, row, column: shown(name) }, 'header-twice'));
    at.set(name, index);
  }
  for (const [name, column] of Object.entries(wanted)) {
    if (column.required && !at.has(name)) faults.push(fault({ file, row, column: name }, 'header-missing'));
  }
  if (faults.length > before) return null;
  return { names, at, others: names.flatMap((name, index) => (name in wanted ? [] : [index])) };
}

function readRow(
  file: string,
  row: number,
  cells: string[],
  header: Header,
  wanted: AnyColumns,
  delta: boolean,
  faults: Fault[],
): Row<FileName> {
  const valueAt = (name: string): string => (cells[header.at.get(name) ?? -1] ?? '').trim().normalize('NFC');
  const deleted = valueAt('status') === 'tobedeleted';
  const read: { [column: string]: unknown } = {};
  for (const [name, column] of Object.entries(wanted)) {
    const needed = deleted
      ? name === 'sourcedId'
      : column.required || (delta && (name === 'status' || name === 'dateLastModified'));
    read[name] = readCell(
      { file, row, column: name },
      valueAt(name),
      { ...column, required: needed },
      deleted && name !== 'sourcedId',
      faults,
    );
  }
  return { row, deleted, cells: read } as Row<FileName>;
}

/** The cell's value; null when it is empty or faulty. In a row that is to be deleted, what is wrong elsewhere does not matter. */
function readCell(
  where: { file: string; row: number; column: string },
  value: string,
  column: Column<unknown>,
  lenient: boolean,
  faults: Fault[],
): unknown {
  if (value === '') {
    if (column.required) faults.push(fault(where, 'required'));
    return null;
  }
  const cell = column.read(value);
  if ('value' in cell) return cell.value;
  if (!lenient) faults.push(fault(where, cell.code, cell.params));
  return null;
}
