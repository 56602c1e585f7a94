import type { Fault } from '../dist/oneroster/faults.js';
import { type Plan, planImport } from '../dist/oneroster/plan.js';
import { readRoster } from '../dist/oneroster/read.js';
import type { State } from '../dist/oneroster/state.js';
import { asPackage, filesOf, type Line, type TestRoster, twoSchools } from './roster.js';

export const nothingStored = (): State => ({
  groups: [],
  schools: [],
  numbers: [],
  newIds: new Map(),
  sites: [],
  years: [],
  people: [],
  memberships: [],
  roles: [],
  classes: [],
  made: [],
  enrolments: [],
  left: [],
});

/** What importing these files would do; no database is asked. */
export const planOf = async (files: Map<string, Buffer>, state = nothingStored(), allowRemovals = false): Promise<Plan> =>
  planImport(await readRoster(files), state, { scope: '*', today: '2026-10-01', allowRemovals, mayGrant: () => true });

/** A fault as `users.csv 7 email required`. */
export const place = ({ file, row, column, code }: Fault): string =>
  [file, row, column, code].filter((part) => part !== null).join(' ');

/** Changes the package of two schools and tells its faults and which schools are refused. */
export async function check(change: (roster: TestRoster) => void): Promise<{ faults: string[]; refused: (string | null)[] }> {
  const roster = twoSchools();
  change(roster);
  const { faults, schools } = await planOf(asPackage(roster));
  return { faults: faults.map(place), refused: schools.filter(({ refused }) => refused).map(({ school }) => school.sourced_id) };
}

/** The same with the texts of the files. */
export async function checkFiles(change: (files: Map<string, string>) => void): Promise<{ faults: string[]; accepted: number }> {
  const files = filesOf(twoSchools());
  change(files);
  const { faults, schools } = await planOf(new Map([...files].map(([name, text]) => [name, Buffer.from(text)])));
  return { faults: faults.map(place), accepted: schools.filter(({ refused }) => !refused).length };
}

export const find = (lines: Line[], sourcedId: string): Line => lines.find((line) => line['sourcedId'] === sourcedId) as Line;
