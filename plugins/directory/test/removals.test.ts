import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import type { Plan } from '../dist/oneroster/plan.js';
import type { State } from '../dist/oneroster/state.js';
import { createDirectory } from './directory.js';
import { nothingStored, planOf } from './planning.js';
import { asPackage, enrolment, klas, onlySchool, role, type TestRoster, testFiles, twoSchools, user } from './roster.js';

/** School `a` with `classes` classes of `pupils` pupils, one teacher and one site each. */
function school(classes: number, pupils: number): TestRoster {
  const roster = onlySchool(twoSchools(), 'a');
  for (let number = 0; number < classes; number++) {
    const id = `k${number}`;
    roster.orgs.push({ sourcedId: `v${number}`, name: `Vestiging ${number}`, type: 'department', parentSourcedId: 'a' });
    roster.academicSessions.push({
      sourcedId: `week${number}`,
      title: `Week ${number}`,
      type: 'term',
      startDate: '2026-09-01',
      endDate: '2026-12-18',
      parentSourcedId: 'sy',
    });
    roster.classes.push(klas(id, `Klas ${number}`, 'a'));
    roster.users.push(user(`t${number}`, 'Tom', `${number}`));
    roster.roles.push(role(`t${number}`, 'teacher', 'a'));
    roster.enrollments.push(enrolment(id, `t${number}`, 'teacher', 'a'));
    for (let pupil = 0; pupil < pupils; pupil++) {
      roster.users.push(user(`p${number}-${pupil}`, 'Pia', `${pupil}`));
      roster.roles.push(role(`p${number}-${pupil}`, 'student', 'a'));
      roster.enrollments.push(enrolment(id, `p${number}-${pupil}`, 'student', 'a'));
    }
  }
  return roster;
}

/** What is stored once a plan has been carried out on an empty directory. */
const stored = ({ changes }: Plan): State => ({ ...nothingStored(), ...(changes as object), roles: changes.roles.put });

/** Rows of each kind that are in force in a school's changes or state. */
function inForce(state: State) {
  const active = (rows: { active: boolean }[]) => rows.filter((row) => row.active).length;
  return {
    people: active(state.memberships),
    classes: active(state.classes),
    enrolments: active(state.enrolments),
    sites: active(state.sites),
    sessions: state.years.flatMap(({ session_ids }) => session_ids).length,
  };
}

/** The state after a plan: what is stored with what the plan changes. */
function after(state: State, { changes }: Plan): State {
  const merge = <T>(rows: readonly T[], changed: readonly T[], key: (row: T) => string): T[] => [
    ...new Map([...rows, ...changed].map((row) => [key(row), row])).values(),
  ];
  return {
    ...state,
    memberships: merge(state.memberships, changes.memberships, (row) => `${row.school_id} ${row.person_id}`),
    classes: merge(state.classes, changes.classes, ({ id }) => id),
    enrolments: merge(state.enrolments, changes.enrolments, ({ id }) => id),
    sites: merge(state.sites, changes.sites, ({ id }) => id),
    years: merge(state.years, changes.years, ({ id }) => id),
  };
}

describe('content D1: an incomplete package must be confirmed', () => {
  let whole: State;
  const roster = school(13, 9);
  beforeAll(async () => {
    const plan = await planOf(asPackage(roster));
    expect(plan.faults).toEqual([]);
    whole = stored(plan);
  });

  it('whichever file is cut off after whichever row, no kind loses more than half without confirmation', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...testFiles), fc.double({ min: 0, max: 1, noNaN: true }), async (file, share) => {
        const cut = { ...roster, [file]: roster[file].slice(0, Math.ceil(roster[file].length * share)) };
        const plan = await planOf(asPackage(cut), whole);
        const [before, left] = [inForce(whole), inForce(after(whole, plan))];
        for (const kind of Object.keys(before) as (keyof typeof before)[]) {
          const gone = before[kind] - left[kind];
          expect(gone <= 10 || gone * 2 <= before[kind], `${file} × ${share}: ${kind} ${before[kind]} → ${left[kind]}`).toBe(
            true,
          );
        }
        // What is not stored is told.
        if (plan.schools.some(({ refused }) => refused)) expect(plan.faultCount).toBeGreaterThan(0);
      }),
      { numRuns: 60 },
    );
  });

  it.each<[string, (cut: TestRoster) => void, [string, number, number][]]>([
    [
      'places in classes',
      (cut) => {
        cut.enrollments = cut.enrollments.slice(0, 2);
      },
      [['enrolments', 134, 136], ...Array.from({ length: 13 }, (): [string, number, number] => ['places', 10, 10])],
    ],
    [
      'places in one class',
      (cut) => {
        cut.enrollments = cut.enrollments.filter(({ classSourcedId, role: as }) => classSourcedId !== 'k3' || as === 'teacher');
      },
      [['places', 9, 10]],
    ],
    [
      'sites',
      (cut) => {
        cut.orgs = cut.orgs.slice(0, 3);
      },
      [['sites', 13, 14]],
    ],
    [
      'academic sessions',
      (cut) => {
        cut.academicSessions = cut.academicSessions.slice(0, 1);
      },
      [['sessions', 14, 15]],
    ],
    [
      'people who are all switched off',
      (cut) => {
        cut.users = cut.users.map((line) => ({ ...line, enabledUser: 'false' }));
      },
      [['people', 137, 137]],
    ],
    [
      'roles of people who stay',
      (cut) => {
        cut.roles = cut.roles.map((line) =>
          line['role'] === 'student' ? { ...line, role: 'teacher', sourcedId: `x-${line['sourcedId']}` } : line,
        );
        cut.enrollments = cut.enrollments.map((line) => ({ ...line, role: 'teacher' }));
      },
      [],
    ],
  ])('%s', async (_, change, expected) => {
    const cut = structuredClone(roster);
    change(cut);
    const plan = await planOf(asPackage(cut), whole);
    const told = plan.removals.map(({ kind, count, total }) => [kind, count, total]);
    if (expected.length > 0) expect(told).toEqual(expect.arrayContaining(expected));
    expect(told.length).toBeGreaterThan(0);
    expect(plan.faultCount).toBe(plan.removals.length);
    expect(plan.schools.map(({ refused }) => refused)).toEqual([true]);
    expect(Object.values(plan.changes.counts).every(({ removed, changed }) => removed + changed === 0)).toBe(true);
    const allowed = await planOf(asPackage(cut), whole, true);
    expect(allowed.faults).toEqual([]);
    expect(allowed.removals).toEqual(plan.removals);
  });

  it('a new school year is not a loss once the old one is over', async () => {
    const next: State = { ...whole, years: whole.years.map((year) => ({ ...year, ends_on: '2026-09-30' })) };
    const cut = structuredClone(roster);
    cut.classes = cut.classes.map((line) => ({ ...line, sourcedId: `n-${line['sourcedId']}` }));
    cut.enrollments = cut.enrollments.map((line) => ({
      ...line,
      sourcedId: `n-${line['sourcedId']}`,
      classSourcedId: `n-${line['classSourcedId']}`,
    }));
    expect((await planOf(asPackage(cut), next)).removals).toEqual([]);
  });

  it('rows that return with other ids do not count as removed', async () => {
    const cut = structuredClone(roster);
    for (const file of ['roles', 'enrollments'] as const)
      cut[file] = cut[file].map((line) => ({ ...line, sourcedId: `n-${line['sourcedId']}` }));
    expect((await planOf(asPackage(cut), whole)).removals).toEqual([]);
  });
});

describe('content D1: the reproduction', () => {
  let directory: Awaited<ReturnType<typeof createDirectory>>;
  beforeAll(async () => {
    directory = await createDirectory();
  });
  afterAll(() => directory?.platform.stop());

  test('content D1: enrollments.csv with 2 of 121 rows removes nothing until it is allowed', async () => {
    const roster = school(12, 9);
    roster.enrollments = roster.enrollments.slice(-120);
    await directory.run(roster);
    const before = await directory.snapshot();
    const half = { ...roster, enrollments: roster.enrollments.slice(0, 2) };
    const refused = await directory.run(half);
    expect(refused.outcome).toBe('refused');
    expect(refused.removals).toContainEqual({ kind: 'enrolments', school: '111111', class: null, count: 118, total: 120 });
    expect(await directory.snapshot()).toEqual(before);
    const { outcome } = await directory.run(half, { allowRemovals: true });
    expect(outcome).toBe('imported');
    expect(Object.values((await directory.snapshot()).classes).flat()).toHaveLength(2);
  });
});

it('content D1: a file that ends within a row is reported as cut off, one without a final line break is not', async () => {
  const files = asPackage(twoSchools());
  const text = files.get('enrollments.csv')?.toString() ?? '';
  const cut = text.slice(0, text.lastIndexOf(',', text.length - 12));
  files.set('enrollments.csv', Buffer.from(cut));
  const { faults, schools } = await planOf(files, nothingStored());
  expect(faults).toMatchObject([{ file: 'enrollments.csv', code: 'cut-off', row: 10 }]);
  expect(schools.every(({ refused }) => refused)).toBe(true);
  files.set('enrollments.csv', Buffer.from(text.trimEnd()));
  expect((await planOf(files, nothingStored())).faults).toEqual([]);
});

it('content D14: a row with a wrong number of cells is one fault, not one for each row that refers to it; empty surplus cells are accepted', async () => {
  const files = asPackage(twoSchools());
  const text = files.get('users.csv')?.toString() ?? '';
  const header = text.slice(0, text.indexOf('\n'));
  files.set('users.csv', Buffer.from(`${header}\n${text.slice(header.length + 1).replaceAll('\n', ',\n')}`));
  expect((await planOf(files, nothingStored())).faults).toEqual([]);
  files.set('users.csv', Buffer.from(`${header}\n${text.slice(header.length + 1).replaceAll('\n', ',x\n')}`));
  const { faults } = await planOf(files, nothingStored());
  expect([...new Set(faults.map(({ file, code }) => `${file} ${code}`))]).toEqual(['users.csv cells-count']);
});
