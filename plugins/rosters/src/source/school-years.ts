import type { RosterRow } from '@ilearn/plugin-directory';

interface Session {
  start: string;
  end: string;
  type: string;
}

/**
 * The Flemish school year in which a day lies, as `2026-2027`.
 *
 * @param begins month in which it begins
 */
function yearOf(day: string, begins: number): string {
  const [year, month] = [Number(day.slice(0, 4)), Number(day.slice(5, 7))];
  const first = month >= begins ? year : year - 1;
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
 * Puts classes in the school year of their terms, or in the current one: many servers have no sessions, or none above their terms. A term that
 * begins in August is of the year that follows; today is of the year before until 1 September.
 *
 * @param sessions rows with `sourcedId`, `type`, `startDate`, `endDate`
 * @param today `2026-09-01`
 * @returns `unclear`: classes that name only terms which the server does not have, although it has others
 */
export function inSchoolYears(
  classes: readonly RosterRow[],
  sessions: readonly RosterRow[],
  today: string,
): { classes: RosterRow[]; academicSessions: RosterRow[]; unclear: RosterRow[] } {
  const known = new Map<string, Session>(
    sessions.map(({ sourcedId = '', type = '', startDate = '', endDate = '' }) => [
      sourcedId,
      { start: startDate, end: endDate, type },
    ]),
  );
  const names = new Set<string>();
  const placed: RosterRow[] = [];
  const unclear: RosterRow[] = [];
  for (const row of classes) {
    const named = (row['termSourcedIds'] ?? '').split(',').filter((id) => id !== '');
    const [first] = named.flatMap((id) => known.get(id)?.start ?? []).sort();
    if (first === undefined && named.length > 0 && known.size > 0) {
      unclear.push(row);
      continue;
    }
    const name = first === undefined ? yearOf(today, 9) : yearOf(first, 8);
    names.add(name);
    placed.push({ ...row, termSourcedIds: idOf(name) });
  }
  const all = [...known.values()];
  return { classes: placed, academicSessions: [...names].sort().map((name) => rowOf(name, all)), unclear };
}
