import { expect, it } from 'vitest';
import type { MeasureId } from '../dist/measures.js';
import { addDays, grains, nextPeriod, type Period, periodOf } from '../dist/periods.js';
import { decide } from '../dist/publishing/decide.js';
import { decideAside } from '../dist/publishing/decide-aside.js';
import { type CountedRow, cellsOf, type FigureCell, keyOf, type PeriodCounts, type Place } from '../dist/publishing/hierarchy.js';
import { linkedTo } from '../dist/publishing/reach.js';
import { relationsOf } from '../dist/publishing/relations.js';
import { attack } from '../dist/suppression/attack.js';
import { isSmall, type Mark, neededWidth, rule } from '../dist/suppression/rule.js';
import { openSolver } from '../dist/suppression/solver.js';

const ofYear = new Map<string, Place>([
  ['a', { level: 'secondary', region: 'limburg', group: null }],
  ['b', { level: 'special', region: 'limburg', group: null }],
]);
const places = new Map([['2026-09-01', ofYear]]);
const october = periodOf('month', '2026-10-05');
const weeks: Period[] = [];
for (let week = periodOf('week', '2026-10-01'); week.startsOn <= october.endsOn; week = nextPeriod(week)) weeks.push(week);

type Count = [school: string, measure: MeasureId, item: string, value: number, people: number];

const countsOf = (period: Period, counts: readonly Count[], published: PeriodCounts['published'] = null): PeriodCounts => ({
  ...{ period, published, places: ofYear },
  rows: counts.map(([school, measure, item, value, people]): CountedRow => ({ school, measure, item, value, people })),
});

/** Pupils who open a tool: the numbers that it raises. */
const opened = (school: string, pupils: number, times = pupils): Count[] =>
  ['', 'blocks'].flatMap((item): Count[] => [
    [school, 'pupils', item, pupils, pupils],
    [school, 'pupil-days', item, times, pupils],
    [school, 'launches', item, times, pupils],
  ]);

const nameOf = ({ period, measure, kind, place, item }: FigureCell): string =>
  [period.grain, period.startsOn, measure.id, kind, place, item].join(' ');

/** What a reader can work out of one number from exact ones, of all others knowing only how they hang together. */
async function leftOpen(counts: readonly PeriodCounts[], name: string, marks: ReadonlyMap<string, Mark>) {
  const cells = counts.flatMap(cellsOf);
  const periods = counts.map(({ period }) => period);
  return attack(
    await openSolver(),
    {
      units: cells.map(({ unit }) => unit),
      marks: cells.map((cell): Mark => marks.get(nameOf(cell)) ?? { kind: 'withheld' }),
      relations: relationsOf(cells, periods, places),
    },
    { ...rule, rounding: 1 },
    cells.findIndex((cell) => nameOf(cell) === name),
  );
}

it('a week is published after all other weeks of its month, though tools of a school are only told by month', async () => {
  const counts = [october, ...weeks].map((period) =>
    countsOf(period, opened('a', 30, period === october ? 30 * weeks.length : 30)),
  );
  const [last] = weeks.slice(-1) as [Period];
  const { cells, marks } = await decideAside({ period: last, counts, places, after: 0 });
  expect(marks).toHaveLength(cells.length);
  const at = cells.findIndex((cell) => nameOf(cell) === 'month 2026-10-01 pupils school a blocks');
  expect(marks[at]).toEqual({ kind: 'shown', value: 30 });
});

it('a week in which nothing happened counts: it is published too, and everybody knows that its numbers are 0', async () => {
  const [first, second, ...others] = weeks as [Period, Period, ...Period[]];
  const counts = [
    countsOf(october, opened('a', 12, 14)),
    countsOf(first, opened('a', 12, 12)),
    countsOf(second, opened('a', 2, 2)),
    ...others.map((week) => countsOf(week, [])),
  ];
  const shown = (value: number): Mark => ({ kind: 'shown', value });
  const marks = new Map([
    [`month ${october.startsOn} launches all  `, shown(14)],
    [`week ${first.startsOn} launches all  `, shown(12)],
  ]);
  const launches = counts.map((each) => ({ ...each, rows: each.rows.filter(({ measure }) => measure === 'launches') }));
  expect(await leftOpen(launches, `week ${second.startsOn} launches all  `, marks)).toEqual({ low: 2, high: 14 });
});

it('counts that contradict each other are not published, and do not end the thread that decides', async () => {
  const [week] = weeks as [Period];
  const wrong = { period: week, counts: [countsOf(week, [...opened('a', 30, 20)])], places, after: 0 };
  const right = { ...wrong, counts: [countsOf(week, opened('a', 30))] };
  const deciding = [decideAside(wrong), decideAside(right)] as const;
  await expect(deciding[0]).rejects.toThrow('Counts do not add up, so nothing is published: week');
  expect((await deciding[1]).marks.length).toBeGreaterThan(5);
});

/** All periods from one day to another, in the order in which they are published. */
function periodsFrom(first: string, last: string): Period[] {
  const found: Period[] = [];
  for (const grain of grains)
    for (let period = periodOf(grain, first); period.endsOn <= last; period = nextPeriod(period)) found.push(period);
  const at = ({ grain, endsOn }: Period) => `${endsOn} ${grains.indexOf(grain)}`;
  return found.sort((one, other) => (at(one) < at(other) ? -1 : 1));
}

it('a publication looks at the periods near it, however many years were published', () => {
  const periods = periodsFrom('2010-09-01', '2027-01-31');
  const all = periods.map((period, index) => linkedTo(period, periods.slice(0, index)));
  // Four school years at most: each is two steps from the one before.
  expect(Math.max(...all.map(({ length }) => length))).toBeLessThan(330);
  const [january = []] = all.slice(-1);
  expect(january.length).toBeGreaterThan(10);
  expect(january.every(({ startsOn }) => startsOn >= '2026-09-01')).toBe(true);
});

it('small numbers of many periods, published one after another, stand against the attack over all of them', async () => {
  const published: { counts: PeriodCounts; marks: Map<string, Mark> }[] = [];
  const days = new Map<string, [number, number]>();
  // What two schools did on each day, the second one little.
  for (let day = '2026-09-01', at = 0; day < '2026-11-16'; day = addDays(day, 1), at++)
    days.set(day, [10 + ((at * 7) % 11), (at * at) % 13 === 0 ? 1 + (at % 3) : 0]);
  const countOf = ({ startsOn, endsOn }: Period): Count[] => {
    const within = [...days].filter(([day]) => day >= startsOn && day <= endsOn).map(([, done]) => done);
    const sum = (school: 0 | 1) => within.reduce((total, done) => total + done[school], 0);
    const counts: Count[] = [['a', 'paths-given', '', sum(0), 20]];
    return sum(1) === 0 ? counts : [...counts, ['b', 'paths-given', '', sum(1), 3]];
  };
  for (const period of periodsFrom('2026-09-01', '2026-11-15')) {
    const near = linkedTo(
      period,
      published.map(({ counts }) => counts.period),
    );
    const linked = near.map((each) => published.find(({ counts }) => counts.period === each) as (typeof published)[number]);
    const own = countsOf(period, countOf(period));
    const counts = [own, ...linked.map(({ counts: each, marks }) => ({ ...each, published: marks }))];
    const { cells, marks } = await decide({ period, counts, places, after: published.length });
    const told = new Map(cells.flatMap((cell, at) => (cell.published === null ? [[keyOf(cell), marks[at] as Mark]] : [])));
    published.push({ counts: own, marks: told });
  }
  const cells = published.flatMap(({ counts, marks }) => cellsOf({ ...counts, published: marks }));
  const periods = published.map(({ counts }) => counts.period);
  const reader = {
    units: cells.map(({ unit }) => unit),
    marks: cells.map((cell) => cell.published as Mark),
    relations: relationsOf(cells, periods, places),
  };
  const solver = await openSolver();
  const small = cells.flatMap((cell, at) => (isSmall(cell, rule) ? [at] : []));
  expect(small.length).toBeGreaterThan(10);
  expect(reader.marks.some(({ kind }) => kind === 'shown')).toBe(true);
  for (const at of small) {
    const { low, high } = attack(solver, reader, rule, at);
    expect(high - low).toBeGreaterThanOrEqual(neededWidth(cells[at] as FigureCell, rule));
  }
});
