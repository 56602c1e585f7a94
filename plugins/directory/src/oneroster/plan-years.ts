import type { Draft, Target } from './draft.js';
import { faultyIds } from './draft.js';
import { fault, shown } from './faults.js';
import type { Row } from './format.js';

/** Maximum number of levels; more than any calendar has. */
const levels = 20;

type SessionRow = Row<'academicSessions'>;
const file = 'academicSessions.csv';

/** A school year, named as in Flanders (`2026-2027`), with its sessions. */
export interface PackageYear {
  name: string;
  starts_on: string;
  ends_on: string;
  session_ids: string[];
}

export interface Years {
  /** The package's years, by name. */
  all: Map<string, PackageYear>;
  /** The school year of a session, from the package or from an earlier import of the school. */
  yearOf(target: Target, session: string): string | 'faulty' | null;
  /** Whether the package has a row for the session. */
  has(session: string): boolean;
}

/** Reads the school years from academicSessions.csv, and reports its faults. */
export function readYears(draft: Draft): Years {
  const { roster, report } = draft;
  const mode = roster.manifest.modes.academicSessions;
  const rows = new Map(roster.rows.academicSessions.filter(({ deleted }) => !deleted).map((row) => [row.cells.sourcedId, row]));
  const faulty = faultyIds(roster, 'academicSessions');
  for (const row of rows.values()) if (!checkSession(row, rows, faulty, mode === 'bulk', report)) faulty.add(row.cells.sourcedId);

  const all = new Map<string, PackageYear>();
  const names = new Map<string, string>();
  for (const row of rows.values()) {
    const year = yearAbove(row, rows, faulty);
    if (year === null || typeof year === 'string') continue;
    const { startDate, endDate, sourcedId } = year.cells;
    const name = `${startDate.slice(0, 4)}-${endDate.slice(0, 4)}`;
    names.set(row.cells.sourcedId, name);
    const entry = all.get(name) ?? { name, starts_on: startDate, ends_on: endDate, session_ids: [] };
    entry.session_ids.push(row.cells.sourcedId);
    all.set(name, entry);
    names.set(sourcedId, name);
  }
  for (const row of rows.values()) {
    const { sourcedId, parentSourcedId } = row.cells;
    if (names.has(sourcedId) || parentSourcedId !== null || faulty.has(sourcedId)) continue;
    const [around, ...more] = [...all.values()].filter((year) => liesIn(row, year));
    if (around === undefined || more.length > 0) continue;
    around.session_ids.push(sourcedId);
    names.set(sourcedId, around.name);
  }
  const parents = new Map([...rows.values()].map(({ cells }) => [cells.sourcedId, cells.parentSourcedId]));
  return {
    all,
    has: (session) => rows.has(session),
    yearOf(target, session) {
      if (faulty.has(session)) return 'faulty';
      const known = names.get(session);
      if (known !== undefined || mode === 'bulk') return known ?? null;
      const ids = [session, parents.get(session)];
      const named = [...target.years].find(([, year]) => ids.some((id) => id && year.session_ids.includes(id)))?.[0];
      return named ?? yearAround(rows.get(session), target);
    },
  };
}

/** Whether a session lies within a school year. */
const liesIn = ({ cells }: SessionRow, year: Pick<PackageYear, 'starts_on' | 'ends_on'>): boolean =>
  year.starts_on <= cells.startDate && cells.endDate <= year.ends_on;

/** The only stored school year that contains a session without a parent in a delta; null if there is not exactly one. */
function yearAround(row: SessionRow | undefined, { years }: Target): string | null {
  if (row === undefined || row.cells.parentSourcedId !== null) return null;
  const around = [...years].filter(([, year]) => liesIn(row, year));
  return around.length === 1 ? (around[0]?.[0] ?? null) : null;
}

function checkSession(
  row: SessionRow,
  rows: Map<string, SessionRow>,
  faulty: Set<string>,
  bulk: boolean,
  report: Draft['report'],
): boolean {
  const { startDate, endDate, type, parentSourcedId, sourcedId } = row.cells;
  const where = (column: string) => ({ file, row: row.row, column });
  if (endDate <= startDate) {
    report(fault(where('endDate'), 'date-order', { begin: startDate, end: endDate }), 'all');
    return false;
  }
  if (type === 'schoolYear' && Number(endDate.slice(0, 4)) !== Number(startDate.slice(0, 4)) + 1) {
    report(fault(where('endDate'), 'school-year', { begin: startDate, end: endDate }), 'all');
    return false;
  }
  if (parentSourcedId === null || faulty.has(parentSourcedId)) return true;
  if (!rows.has(parentSourcedId)) {
    if (bulk) report(fault(where('parentSourcedId'), 'reference', { target: file, value: shown(parentSourcedId) }), 'all');
    return !bulk;
  }
  const above = yearAbove(row, rows, faulty);
  if (above !== 'circle' && above !== 'deep') return true;
  report(fault(where('parentSourcedId'), above, { value: shown(sourcedId), limit: levels }), 'all');
  return false;
}

function yearAbove(
  row: SessionRow,
  rows: Map<string, SessionRow>,
  faulty: Set<string>,
): SessionRow | 'faulty' | 'circle' | 'deep' | null {
  const seen = new Set<SessionRow>();
  for (let at: SessionRow | undefined = row; at !== undefined; at = rows.get(at.cells.parentSourcedId ?? '')) {
    if (faulty.has(at.cells.sourcedId)) return 'faulty';
    if (at.cells.type === 'schoolYear') return at;
    if (seen.has(at)) return 'circle';
    if (seen.size >= levels) return 'deep';
    seen.add(at);
  }
  return null;
}

/** Gives each school those years of the package that its classes use or that it already has. */
export async function planYears(draft: Draft, years: Years, used: Map<Target, Set<string>>): Promise<void> {
  const bulk = draft.roster.manifest.modes.academicSessions === 'bulk';
  const gone = new Set(draft.roster.rows.academicSessions.flatMap(({ deleted, cells }) => (deleted ? [cells.sourcedId] : [])));
  for (const target of draft.targets.values()) {
    if (draft.yielder.due()) await draft.yielder.yield();
    for (const [name, year] of target.years) {
      if (year.session_ids.some((id) => gone.has(id))) {
        target.years.set(name, { ...year, session_ids: year.session_ids.filter((id) => !gone.has(id)) });
      }
    }
    for (const { name, starts_on, ends_on, session_ids } of years.all.values()) {
      const stored = target.years.get(name);
      if (stored === undefined && !used.get(target)?.has(name)) continue;
      const kept = bulk ? [] : (stored?.session_ids ?? []);
      target.years.set(name, { starts_on, ends_on, session_ids: [...new Set([...kept, ...session_ids])].sort() });
    }
  }
}
