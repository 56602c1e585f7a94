import { Yielder } from '@ilearn/core';
import type { RosterFeed, RosterRow } from '../exports.js';
import { type Fault, FaultList, fault, RosterError, shown } from './faults.js';
import { type FileName, fileNames } from './file-names.js';
import type { Row } from './format.js';
import { columnsOf, type Roster, type RowLimits, readRow, rowLimits } from './read.js';
import type { State } from './state.js';

const kinds = ['academicSessions', 'orgs', 'users', 'roles', 'classes', 'enrollments'] as const satisfies FileName[];
type FeedFile = (typeof kinds)[number];

/** A number that no row of a feed reaches; rows for what is gone are counted from here. */
const afterFeed = 1_000_000;

/** Rows of the feed by file, with their number as if they were in a file, and the sourcedIds of those with a fault. */
export interface ReadFeed {
  rows: Roster['rows'];
  faulty: Record<FileName, Set<string>>;
}

/** A row that is left out. */
export interface LeftOutRow {
  file: FileName;
  sourcedId: string;
  column: string | null;
  code: string;
}

const perFile = <T>(make: () => T) => Object.fromEntries(fileNames.map((name) => [name, make()])) as Record<FileName, T>;

/**
 * Reads the cells of a feed as those of files. Of two rows with the same sourcedId the first one counts.
 *
 * @throws RosterError if there are too many rows
 */
export async function readFeed(
  feed: RosterFeed,
  school: { number: string; name: string },
  leaveOut: (row: LeftOutRow) => void,
  limits: RowLimits = rowLimits,
): Promise<ReadFeed> {
  const yielder = new Yielder();
  const read: ReadFeed = { rows: perFile(() => []) as unknown as Roster['rows'], faulty: perFile(() => new Set()) };
  const own: RosterRow = { sourcedId: feed.school, name: school.name, type: 'school', identifier: school.number };
  let total = 0;
  for (const name of kinds) {
    const rows = name === 'orgs' ? [own, ...feed.rows.orgs] : feed.rows[name];
    total += rows.length;
    const limit = rows.length > limits.rows[name] ? limits.rows[name] : null;
    if (limit !== null) throw new RosterError([fault({ file: `${name}.csv` }, 'rows-many', { limit })]);
    if (total > limits.total) throw new RosterError([fault({ file: `${name}.csv` }, 'rows-total', { limit: limits.total })]);
    await readFile(name, rows, read, leaveOut, yielder);
  }
  return read;
}

async function readFile(
  name: FeedFile,
  rows: readonly RosterRow[],
  read: ReadFeed,
  leaveOut: (row: LeftOutRow) => void,
  yielder: Yielder,
): Promise<void> {
  const wanted = columnsOf(name, { version: '1.2' });
  const seen = new Set<string>();
  for (const [index, texts] of rows.entries()) {
    if (yielder.due()) await yielder.yield();
    const faults: Fault[] = [];
    const row = readRow(`${name}.csv`, index + 2, (column) => texts[column] ?? '', wanted, false, faults);
    const sourcedId = row.cells.sourcedId ?? texts['sourcedId'] ?? '';
    const [first] = faults;
    if (first === undefined && !seen.has(sourcedId)) (read.rows[name] as Row<FileName>[]).push(row);
    else
      leaveOut({ file: name, sourcedId: shown(sourcedId), column: first?.column ?? 'sourcedId', code: first?.code ?? 'twice' });
    // The first row of two stays, so its sourcedId is not that of a faulty row.
    if (first !== undefined && !seen.has(sourcedId)) read.faulty[name].add(sourcedId);
    if (first === undefined) {
      seen.add(sourcedId);
      read.faulty[name].delete(sourcedId);
    }
  }
}

/** The rows of a feed without those with a fault, as a delta that also deletes what is stored of the school and no longer there. */
export function deltaOf(feed: RosterFeed, read: ReadFeed, state: State, school: string): Roster {
  const rows = Object.fromEntries(
    fileNames.map((name) => [name, read.rows[name].filter(({ cells }) => !read.faulty[name].has(cells.sourcedId))]),
  ) as unknown as Roster['rows'];
  const gone = goneFrom(feed, read, state, school);
  for (const name of ['users', 'roles', 'classes', 'enrollments'] as const) {
    const deleted = gone[name].map((sourcedId, index) => ({ row: afterFeed + index, deleted: true, cells: { sourcedId } }));
    (rows[name] as Row<FileName>[]).push(...(deleted as unknown as Row<FileName>[]));
  }
  return {
    manifest: { version: '1.2', modes: Object.fromEntries(kinds.map((name) => [name, 'delta' as const])) },
    rows,
    leftOut: [],
    fatal: [],
    found: new FaultList(),
    faulty: [],
    faultyIds: perFile(() => new Set<string>()),
  };
}

/** An id as {@link readRow} reads it. */
const asRead = (id: string): string => id.trim().normalize('NFC');

/** sourcedIds of what is stored of a school, and neither in the feed nor among what could not be read. */
function goneFrom({ unreadable }: RosterFeed, read: ReadFeed, state: State, school: string) {
  const idsOf = (name: FileName) => new Set([...read.rows[name].map(({ cells }) => cells.sourcedId), ...read.faulty[name]]);
  const absent = (name: 'users' | 'roles' | 'classes' | 'enrollments', kind: keyof typeof unreadable) => {
    const there = idsOf(name);
    const unread = new Set(unreadable[kind].ids.map(asRead));
    return (sourcedId: string | null): sourcedId is string =>
      sourcedId !== null && !unreadable[kind].unknown && !there.has(sourcedId) && !(name !== 'roles' && unread.has(sourcedId));
  };
  const ofSchool = <T extends { school_id: string }>(list: readonly T[]) => list.filter(({ school_id }) => school_id === school);

  const members = ofSchool(state.memberships);
  const userOf = new Map(members.map(({ person_id, sourced_id }) => [person_id, sourced_id]));
  // Of somebody with a row that could not be read, no role is taken: it may be in that row, with another sourcedId.
  const unclear = new Set([
    ...unreadable.users.ids.map(asRead),
    ...read.faulty.users,
    ...read.rows.roles.flatMap(({ cells }) => (read.faulty.roles.has(cells.sourcedId) ? [cells.userSourcedId] : [])),
  ]);
  const classOf = new Map(ofSchool(state.classes).map(({ id, sourced_id }) => [id, sourced_id]));
  const unclearPlaces = new Set(
    read.rows.enrollments.flatMap(({ cells }) =>
      read.faulty.enrollments.has(cells.sourcedId) ? [`${cells.classSourcedId} ${cells.userSourcedId}`] : [],
    ),
  );
  const noUser = absent('users', 'users');
  const noRole = absent('roles', 'users');
  const noClass = absent('classes', 'classes');
  const noEnrolment = absent('enrollments', 'enrollments');
  return {
    users: members.flatMap(({ active, sourced_id }) => (active && noUser(sourced_id) ? [sourced_id] : [])),
    roles: ofSchool(state.roles).flatMap(({ sourced_id, person_id }) =>
      noRole(sourced_id) && !unclear.has(userOf.get(person_id) ?? '') ? [sourced_id] : [],
    ),
    classes: ofSchool(state.classes).flatMap(({ active, sourced_id }) => (active && noClass(sourced_id) ? [sourced_id] : [])),
    enrollments: ofSchool(state.enrolments).flatMap(({ active, sourced_id, class_id, person_id }) =>
      active && noEnrolment(sourced_id) && !unclearPlaces.has(`${classOf.get(class_id)} ${userOf.get(person_id)}`)
        ? [sourced_id]
        : [],
    ),
  };
}
