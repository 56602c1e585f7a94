import type { TenantScope, Yielder } from '@ilearn/core';
import { derivedId, isInstellingsnummer, numberOfNone } from '../ids.js';
import { fault, type ReportFault, shown } from './faults.js';
import type { Row } from './format.js';
import type { Roster } from './read.js';
import type { State, StoredSchool } from './state.js';

/** A school in the package. */
export interface PlannedSchool extends StoredSchool {
  /** Its school group in orgs.csv; undefined if the package does not name one. */
  group?: { code: string; name: string } | undefined;
  known: boolean;
}

/** What an org's sourcedId refers to. */
export type Place =
  | { kind: 'school'; school: string; site: string | null }
  /** An org that is neither a school nor a site. */
  | { kind: 'other' }
  /** The org's row has a fault; rows that refer to it are not reported. */
  | { kind: 'faulty' }
  | { kind: 'ambiguous' }
  | { kind: 'unknown' };

export interface Orgs {
  /** By id. */
  schools: Map<string, PlannedSchool>;
  /** Sites that orgs.csv names or removes. */
  sites: { school: string; sourcedId: string; name: string; active: boolean }[];
  placeOf(sourcedId: string): Place;
}

type OrgRow = Row<'orgs'>;
const file = 'orgs.csv';

/** Finds the schools, sites and school groups of a package, and reports the faults of orgs.csv. */
export async function resolveOrgs(
  roster: Roster,
  state: State,
  scope: TenantScope,
  report: ReportFault,
  yielder: Yielder,
): Promise<Orgs> {
  return roster.manifest.modes.orgs === undefined ? fromState(state) : fromFile(roster, state, scope, report, yielder);
}

function fromState(state: State): Orgs {
  const places = new Map<string, Place>();
  const add = (sourcedId: string | null, place: Place) => {
    if (sourcedId !== null) places.set(sourcedId, places.has(sourcedId) ? { kind: 'ambiguous' } : place);
  };
  for (const { id, sourced_id } of state.schools) add(sourced_id, { kind: 'school', school: id, site: null });
  for (const { id, school_id, sourced_id } of state.sites) add(sourced_id, { kind: 'school', school: school_id, site: id });
  return {
    schools: new Map(state.schools.map((school) => [school.id, { ...school, known: true }])),
    sites: [],
    placeOf: (sourcedId) => places.get(sourcedId) ?? { kind: 'unknown' },
  };
}

async function fromFile(roster: Roster, state: State, scope: TenantScope, report: ReportFault, yielder: Yielder): Promise<Orgs> {
  const rows = new Map(roster.rows.orgs.map((row) => [row.cells.sourcedId, row]));
  const faulty = new Set(roster.faultyIds.orgs);
  const places = new Map<string, Place>([...faulty].map((id) => [id, { kind: 'faulty' }]));
  const schools = new Map<string, PlannedSchool>();
  const sites: Orgs['sites'] = [];
  const stay = roster.rows.orgs.filter(({ deleted, cells }) => deleted && cells.type !== 'department').length;
  if (stay > 0) roster.leftOut.push({ file, column: null, reason: 'school-stays', count: stay });

  for (const row of rows.values()) {
    if (yielder.due()) await yielder.yield();
    checkParent(row, rows, faulty, roster.manifest.modes.orgs === 'bulk', report);
  }
  const stored = new Map(state.schools.map((school) => [school.instellingsnummer, school]));
  const ids = new Map(state.schools.map((school) => [school.id, school]));
  for (const { number, school_id } of state.numbers) {
    const school = ids.get(school_id);
    if (school !== undefined) stored.set(number, school);
  }
  const byNumber = new Map<string, OrgRow>();
  for (const row of rows.values()) {
    if (yielder.due()) await yielder.yield();
    const { sourcedId, type } = row.cells;
    if (type !== 'school' || row.deleted) continue;
    const school = readSchool(row, byNumber, stored, state.newIds, scope, report);
    if (school === null) {
      places.set(sourcedId, { kind: 'faulty' });
      continue;
    }
    const group = groupOf(row, rows);
    schools.set(school.id, { ...school, group });
    places.set(sourcedId, { kind: 'school', school: school.id, site: null });
  }
  for (const row of rows.values()) {
    const { sourcedId, type, name } = row.cells;
    if (places.has(sourcedId)) continue;
    const above = type === 'department' ? ancestors(row, rows).find((org) => org.cells.type === 'school') : undefined;
    const place = above && places.get(above.cells.sourcedId);
    if (place?.kind !== 'school') {
      places.set(sourcedId, place ?? { kind: 'other' });
      continue;
    }
    sites.push({ school: place.school, sourcedId, name: name ?? '', active: !row.deleted });
    places.set(sourcedId, { kind: 'school', school: place.school, site: siteId(place.school, sourcedId) });
  }
  return { schools, sites, placeOf: (sourcedId) => places.get(sourcedId) ?? { kind: 'unknown' } };
}

export const siteId = (school: string, sourcedId: string): string => derivedId('site', school, sourcedId);

function readSchool(
  row: OrgRow,
  byNumber: Map<string, OrgRow>,
  schools: ReadonlyMap<string, StoredSchool>,
  newIds: State['newIds'],
  scope: TenantScope,
  report: ReportFault,
): PlannedSchool | null {
  const { identifier, name, sourcedId } = row.cells;
  const where = { file, row: row.row, column: 'identifier' };
  if (identifier === null) {
    report(fault(where, 'required'), []);
    return null;
  }
  // Only a feed of one school, which the portal chose, may be about the practice school.
  if (!isInstellingsnummer(identifier) || (identifier === numberOfNone && scope === '*')) {
    report(fault(where, 'instellingsnummer', { value: shown(identifier) }), []);
    return null;
  }
  const stored = schools.get(identifier);
  const number = stored?.instellingsnummer ?? identifier;
  const twin = byNumber.get(number);
  if (twin !== undefined) {
    report(fault(where, 'instellingsnummer-twice', { value: identifier, first: twin.row }), []);
    return null;
  }
  byNumber.set(number, row);
  const id = stored?.id ?? newIds.get(identifier) ?? derivedId('school', identifier);
  if (scope !== '*' && !scope.includes(id)) {
    report(fault(where, 'school-not-yours', { value: identifier }), []);
    return null;
  }
  return {
    id,
    instellingsnummer: number,
    name,
    sourced_id: sourcedId,
    group_id: stored?.group_id ?? null,
    known: stored !== undefined,
  };
}

/** Maximum number of levels; more than any organisation has. */
const levels = 20;

/** The ancestors of an org, nearest first. Stops at a cycle. */
function ancestors(row: OrgRow, rows: Map<string, OrgRow>): OrgRow[] {
  const above: OrgRow[] = [];
  for (let at = parentOf(row, rows); at !== undefined && at !== row && !above.includes(at); at = parentOf(at, rows)) {
    above.push(at);
    if (above.length === levels) break;
  }
  return above;
}

const parentOf = (row: OrgRow, rows: Map<string, OrgRow>): OrgRow | undefined =>
  row.cells.parentSourcedId === null ? undefined : rows.get(row.cells.parentSourcedId);

function checkParent(row: OrgRow, rows: Map<string, OrgRow>, faulty: Set<string>, bulk: boolean, report: ReportFault): void {
  const { parentSourcedId, sourcedId } = row.cells;
  if (row.deleted || parentSourcedId === null || faulty.has(parentSourcedId)) return;
  const where = { file, row: row.row, column: 'parentSourcedId' };
  if (!rows.has(parentSourcedId)) {
    // In a delta, an unchanged parent may be missing.
    if (bulk) report(fault(where, 'reference', { target: file, value: shown(parentSourcedId) }), 'all');
    return;
  }
  const above = ancestors(row, rows);
  if (parentOf(above.at(-1) ?? row, rows) === row) report(fault(where, 'circle', { value: shown(sourcedId) }), 'all');
  else if (above.length === levels) report(fault(where, 'deep', { value: shown(sourcedId), limit: levels }), 'all');
}

/** The school group (scholengroep, scholengemeenschap) of a school: the nearest ancestor that is a district, or else a local authority. */
function groupOf(row: OrgRow, rows: Map<string, OrgRow>): { code: string; name: string } | undefined {
  const above = ancestors(row, rows).filter(({ deleted }) => !deleted);
  const group = above.find(({ cells }) => cells.type === 'district') ?? above.find(({ cells }) => cells.type === 'local');
  return group && { code: group.cells.identifier ?? group.cells.sourcedId, name: group.cells.name };
}
