import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type AssignmentToGenerate, generate } from '../dist/results/generate.js';
import { schedule } from '../dist/results/schedule.js';
import { Hours, SchoolDays } from '../dist/results/school-days.js';
import { temperamentsOf } from '../dist/results/temperaments.js';
import { schoolYearOf } from '../dist/roster.js';

const zone = 'Europe/Brussels';
const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });
/** `2026-11-27 09:15`, by the clock on the wall. */
const wall = (moment: Date) => clock.format(moment);
const dayIn = (moment: Date) => wall(moment).slice(0, 10);
const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / 86_400_000;
const isWeekday = (day: string) => ![0, 6].includes(new Date(`${day}T00:00Z`).getUTCDay());
/** Weekdays outside summer, as in Flanders. */
const isSchoolDay = (day: string) => isWeekday(day) && !['07', '08'].includes(day.slice(5, 7));

const steps = [
  { required: true, minutes: 5, scoreMaximum: null },
  { required: true, minutes: 10, scoreMaximum: 10 },
  { required: false, minutes: 15, scoreMaximum: null },
  { required: true, minutes: 10, scoreMaximum: 6 },
  { required: true, minutes: 30, scoreMaximum: null },
];
const pupils = Array.from({ length: 18 }, (_, index) => `pupil-${index}`);
const planned = [...schedule.wegwijzer, ...schedule.terLinden].map(
  ({ path, className, given, due, ended = null }): AssignmentToGenerate => ({
    pathId: path,
    classId: className,
    byPersonId: 'teacher',
    name: `${path} ${className}`,
    steps,
    pupils: temperamentsOf(pupils, new Map([['pupil-0', 'trying']])),
    given,
    due,
    ended,
  }),
);

const generateOn = async (today: string) => {
  const days = await SchoolDays.around(today, async (day) => isSchoolDay(day));
  return planned.map((assignment) => generate(assignment, days, new Hours(zone)));
};

const special = [
  '2026-11-27',
  '2026-12-28', // Christmas holidays
  '2027-02-15',
  '2028-02-29',
  '2027-03-28', // clocks go forward
  '2027-03-29',
  '2026-10-25', // clocks go back
  '2026-10-26',
  '2027-07-20', // summer
  '2027-09-01', // first school day
  '2027-01-01',
  '2027-11-28', // a Sunday
];
const anyDay = fc
  .date({ min: new Date('2024-01-01'), max: new Date('2035-12-31'), noInvalidDate: true })
  .map((date) => date.toISOString().slice(0, 10));

/** What is wrong with the demonstration as made on this day. */
async function faultsOn(today: string): Promise<string[]> {
  const faults: string[] = [];
  const require = (holds: boolean, what: string) => void (holds || faults.push(`${today}: ${what}`));
  const assignments = await generateOn(today);
  let last = '';
  for (const { name, givenAt, dueOn, endedAt, results } of assignments.map((each, index) => ({ ...planned[index], ...each }))) {
    require(dueOn === null || isSchoolDay(dueOn), `${name} is due on ${dueOn}`);
    require(endedAt === null || dayIn(endedAt) < today, `${name} ends on ${endedAt?.toISOString()}`);
    require(daysBetween(dayIn(givenAt), today) < 115, `${name} was given on ${givenAt.toISOString()}`);
    for (const { startedAt, doneAt, attempts } of results) {
      const moments = [startedAt, doneAt ?? startedAt, ...attempts.map(({ at }) => at)];
      require(startedAt >= givenAt && moments.every((moment) => moment >= startedAt), `${name} began before it was given`);
      require(attempts.every(
        ({ at }, index) => index === 0 || at > (attempts[index - 1]?.at as Date),
      ), `${name}: order of tries`);
      for (const moment of moments) {
        const [day = '', time = ''] = wall(moment).split(' ');
        require(isSchoolDay(day) && day < today, `${name} on ${day}`);
        require(time >= '08:00' && time < '22:00', `${name} at ${time}`);
        require(endedAt === null || moment < endedAt, `${name} after its end`);
        if (day > last) last = day;
      }
      require(attempts.every(
        ({ given, maximum }) => given >= 0 && given <= maximum && Number.isInteger(given),
      ), `${name}: score`);
    }
  }
  // Only days without school lie between the last result and today.
  for (let day = dayAfter(last); day < today; day = dayAfter(day)) require(!isSchoolDay(day), `nothing happens on ${day}`);
  const dues = assignments.flatMap(({ dueOn }) => dueOn ?? []);
  require(dues.some((day) => day < today), 'nothing is late');
  require(dues.some((day) => day >= today && daysBetween(today, day) < 75), 'nothing is due');
  return faults;
}

test('results lie on school days before today, in waking hours, in order; due dates lie around today', async () => {
  await fc.assert(
    fc.asyncProperty(anyDay, async (today) => {
      expect(await faultsOn(today)).toEqual([]);
    }),
    { numRuns: special.length + 4, examples: special.map((day): [string] => [day]) },
  );
});

const dayAfter = (day: string) => new Date(Date.parse(day) + 86_400_000).toISOString().slice(0, 10);

test('the same day gives the same results; the classes have one pupil of each kind', async () => {
  const [one, other] = await Promise.all([generateOn('2026-11-27'), generateOn('2026-11-27')]);
  expect(one).toEqual(other);
  const [tables] = one;
  const of = (pupilId: string) => tables?.results.filter((result) => result.pupilId === pupilId) ?? [];
  expect(
    of('pupil-0').some(({ attempts }) => attempts.length >= 3 && attempts.every(({ given, maximum }) => given / maximum < 0.6)),
  ).toBe(true);
  const kinds = temperamentsOf(pupils, new Map());
  for (const kind of ['ahead', 'quiet', 'trying', 'waiting', 'late']) {
    expect(
      [...kinds.values()].filter((each) => each === kind),
      kind,
    ).toHaveLength(1);
  }
  const named = (kind: string) => [...(planned[0]?.pupils ?? [])].find(([, each]) => each === kind)?.[0] as string;
  expect(of(named('quiet'))).toEqual([]);
  expect(of(named('ahead'))).toHaveLength(steps.length);
});

test.each([
  ['2026-08-31', 2025],
  ['2026-09-01', 2026],
  ['2027-02-28', 2026],
  ['2028-02-29', 2027],
])('%s lies in the school year that begins in %s', (day, year) => {
  expect(schoolYearOf(day)).toBe(year);
});
