import type { RosterRow } from '@ilearn/plugin-directory';

interface Session {
  start: string;
  end: string;
  type: string;
}

/** The Flemish school year in which a day lies, as `2026-2027`: it begins on 1 September, and what begins in summer belongs to the next one. */
function yearOf(day: string): string {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  const first = month >= 8 ? year : year - 1;
  return `${first}-${first + 1}`;
}

const rowOf = (name: string, sessions: readonly Session[]): RosterRow => {
  const [first = '', last = ''] = name.split('-');
  const own = sessions.find(
    ({ type, start, end }) => type === 'schoolYear' && start.startsWith(first) && end.startsWith(last) && start < end,
  );
  return {
    sourcedId: idOf(name),
    title: name,
    type: 'schoolYear',
    startDate: own?.start ?? `${first}-09-01`,
    endDate: own?.end ?? `${last}-08-31`,
  };
};

const idOf = (name: string): string => `schoolyear/${name}`;

/**
 * Puts classes in the school year of their terms, or in the current one: many servers have no sessions, or none above their terms.
 *
 * @param sessions rows with `sourcedId`, `type`, `startDate`, `endDate`
 * @param today `2026-09-01`
 */
export function inSchoolYears(
  classes: readonly RosterRow[],
  sessions: readonly RosterRow[],
  today: string,
): { classes: RosterRow[]; academicSessions: RosterRow[] } {
  const known = new Map<string, Session>(
    sessions.map(({ sourcedId = '', type = '', startDate = '', endDate = '' }) => [
      sourcedId,
      { start: startDate, end: endDate, type },
    ]),
  );
  const names = new Set<string>();
  const placed = classes.map((row): RosterRow => {
    const terms = (row['termSourcedIds'] ?? '').split(',').flatMap((id) => known.get(id) ?? []);
    const [first] = terms.map(({ start }) => start).sort();
    const name = yearOf(first ?? today);
    names.add(name);
    return { ...row, termSourcedIds: idOf(name) };
  });
  const all = [...known.values()];
  return { classes: placed, academicSessions: [...names].sort().map((name) => rowOf(name, all)) };
}
