import type { Column } from './cells.js';
import { endsOpen, records, withLast } from './csv.js';
import { type Fault, FaultList, fault, shown } from './faults.js';
import { type FileName, fileNames } from './file-names.js';
import { columns, otherFiles, personalColumns, type Row, unusedColumns } from './format.js';
import { type AnyColumns, type Header, readHeader } from './header.js';
import { type Manifest, readManifest } from './manifest.js';
import type { PackageFiles } from './package.js';

export const leftOutReasons = [
  'personal',
  'unused',
  'unknown',
  'windows-1252',
  'no-portal-role',
  'not-now',
  'left',
  'gone-already',
  'school-stays',
  'school-group',
] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

/** Something in the package that is not imported, with the reason. Not a fault. */
export interface LeftOut {
  file: string;
  column: string | null;
  /**
   * - `personal`: personal data that the portal does not need
   * - `unused`: part of the standard that the portal does not use
   * - `unknown`: not part of the standard
   * - `windows-1252`: nothing is left out, but the file was read as Windows-1252, as it is not UTF-8
   * - `no-portal-role`: people or roles without a place in the portal (parents, aides, …)
   * - `not-now`: roles outside their dates, and what depends on them
   * - `left`: pupils who left the school when it turned its school year, until the next one begins
   * - `gone-already`: rows to be deleted that the portal does not have
   * - `school-stays`: files cannot delete schools
   * - `school-group`: only portal administrators can change school groups
   */
  reason: LeftOutReason;
  /** Number of cells or rows; null for a whole file. */
  count: number | null;
}

/** A row with faults, with the data that may identify its school. */
export interface FaultyRow {
  row: Row<FileName> | null;
  file: FileName;
  /** All cells, if the row has the wrong number of cells: any of them may be an id that other rows refer to. Otherwise null. */
  torn: readonly string[] | null;
}

/** A package as read: its valid rows and its faults. */
export interface Roster {
  manifest: Manifest;
  rows: { [N in FileName]: Row<N>[] };
  leftOut: LeftOut[];
  /** Faults that make the whole package unreliable. */
  fatal: Fault[];
  /** Faults of single rows. */
  found: FaultList;
  /** The rows with faults, which are not in `rows`. */
  faulty: FaultyRow[];
  /** The sourcedIds of rows with faults; for torn rows, all cells. */
  faultyIds: Record<FileName, Set<string>>;
}

/**
 * Maximum number of rows without headers, of each file and in total: as many as can be planned in several seconds with several hundred MB.
 */
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

/** Number of rows with the wrong number of cells after which reading a file stops. */
const tornLimit = 1000;

/** Reads all files of a package. Calls `onRow` for each row. */
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
    // Also read the files without a manifest, to report all faults at once.
    if (bytes !== undefined && (manifest === null || manifest.modes[name] !== undefined))
      left -= await readFile(name, bytes, roster, onRow, { rows: limits.rows[name], left, total: limits.total });
  }
  for (const path of files.keys()) {
    const name = path.replace(/\.csv$/i, '');
    if (path === 'manifest.csv' || (fileNames as readonly string[]).includes(name)) continue;
    roster.leftOut.push({ file: path, column: null, reason: otherFiles[name] ?? 'unknown', count: null });
  }
  return roster;
}

/** @returns the number of rows */
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
  const addFaulty = (found: readonly Fault[], read: Row<FileName>) => {
    for (const one of found) roster.found.add(one);
    roster.faulty.push({ row: read, file: name, torn: null });
    if (read.cells.sourcedId) roster.faultyIds[name].add(read.cells.sourcedId);
  };
  const addTorn = (found: Fault, cells: readonly string[]) => {
    const texts = cells.map((cell) => cell.trim().normalize('NFC')).filter((text) => text !== '');
    roster.found.add(found);
    roster.faulty.push({ row: null, file: name, torn: texts });
    for (const text of texts) roster.faultyIds[name].add(text);
  };

  const asWindows1252 = () => roster.leftOut.push({ file, column: null, reason: 'windows-1252', count: null });
  const found = records(bytes, file, (one) => roster.fatal.push(one), limit.rows, asWindows1252);
  for await (const { row, cells, last } of withLast(found)) {
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
    while (cells.length > header.names.length && cells.at(-1)?.trim() === '') cells.pop();
    if (cells.length !== header.names.length) {
      if (++torn > tornLimit) {
        roster.fatal.push(fault({ file, row }, 'cells-many', { limit: tornLimit }));
        return count;
      }
      const params = { found: cells.length, expected: header.names.length };
      const few = last && endsOpen(bytes) ? 'cut-off' : 'cells-few';
      const code = cells.length < header.names.length ? few : 'cells-count';
      addTorn(fault({ file, row }, code, params), cells);
      continue;
    }
    onRow();
    const faults: Fault[] = [];
    const { at } = header;
    const read = readRow(file, row, (name) => cells[at.get(name) ?? -1] ?? '', wanted, delta, faults);
    const sourcedId = read.cells.sourcedId ?? '';
    const first = firstRow.get(sourcedId);
    if (first !== undefined) faults.push(fault({ file, row, column: 'sourcedId' }, 'twice', { value: shown(sourcedId), first }));
    else if (sourcedId !== '') firstRow.set(sourcedId, row);
    if (faults.length === 0) rows.push(read);
    if (faults.length > 0) addFaulty(faults, read);
    for (const index of header.others) if ((cells[index] ?? '').trim() !== '') ignored.set(index, (ignored.get(index) ?? 0) + 1);
  }
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

/** The columns of a file. In 1.1, roles are in users.csv; in 1.2, in roles.csv. */
export function columnsOf(name: FileName, { version }: Pick<Manifest, 'version'>): AnyColumns {
  const { orgSourcedIds, role, ...users } = columns.users;
  if (name !== 'users') return columns[name];
  return version === '1.2' ? users : { ...users, orgSourcedIds: required(orgSourcedIds), role: required(role) };
}

const required = <T>(column: Column<T>): Column<T> => ({ ...column, required: true });

/** Reads a row, given the text of each column. Adds what is wrong with it to `faults`. */
export function readRow(
  file: string,
  row: number,
  textAt: (column: string) => string,
  wanted: AnyColumns,
  delta: boolean,
  faults: Fault[],
): Row<FileName> {
  const valueAt = (name: string): string => textAt(name).trim().normalize('NFC');
  const deleted = valueAt('status') === 'tobedeleted';
  const read: { [column: string]: unknown } = {};
  for (const [name, column] of Object.entries(wanted)) {
    const needed = deleted
      ? name === 'sourcedId'
      : column.required || (delta && (name === 'status' || name === 'dateLastModified'));
    // Only deltas need `dateLastModified`.
    const unused = name === 'dateLastModified' && !delta;
    read[name] = readCell(
      { file, row, column: name },
      valueAt(name),
      { ...column, required: needed },
      unused || (deleted && name !== 'sourcedId'),
      faults,
    );
  }
  return { row, deleted, cells: read } as Row<FileName>;
}

/** The value of a cell. Null if it is empty or has a fault, which is reported unless `lenient` is set. */
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
