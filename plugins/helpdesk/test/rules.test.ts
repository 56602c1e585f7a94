import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { readClock } from '../dist/service-levels/clocks.js';
import { isLegalHoliday } from '../dist/service-levels/holidays.js';
import { serviceLevelInput } from '../dist/service-levels/levels.js';
import { openingsIn } from '../dist/service-levels/openings.js';
import { afterOpenTime, type Hours, isOpen, openTime } from '../dist/service-levels/working-time.js';
import { minimised } from '../dist/tickets/sides.js';
import { phaseOf, ticketStates, ticketTransitions, transitionOf } from '../dist/tickets/states.js';

const zone = 'Europe/Brussels';
const minute = 60_000;
const shown = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, dateStyle: 'short', timeStyle: 'short' });

/** Whether the clock on the wall shows a time within opening hours: found from the zone's own formatter, minute by minute. */
function isOpenOnTheWall({ hours }: Hours, closed: ReadonlySet<string>, moment: number): boolean {
  const [day, time] = shown.format(moment).split(' ') as [string, string];
  if (closed.has(day)) return false;
  const [hour, minutes] = time.split(':').map(Number) as [number, number];
  const weekday = (new Date(`${day}T00:00Z`).getUTCDay() + 6) % 7;
  const at = hour * 60 + minutes;
  return (hours[weekday] ?? []).some(([from, to]) => from <= at && at < to);
}

const opening = fc
  .tuple(fc.integer({ min: 0, max: 1_430 }), fc.integer({ min: 1, max: 1_440 }))
  .map(([from, length]) => [from, Math.min(1_440, from + length)] as [number, number]);
const ofDay = fc.option(opening, { nil: null }).map((one) => (one === null ? [] : [one]));
const week = fc.array(ofDay, { minLength: 7, maxLength: 7 });
/** Moments around both changes of the clock in 2026: 29 March 2:00, 25 October 3:00. */
const around = fc.constantFrom('2026-03-29T01:00:00Z', '2026-10-25T01:00:00Z', '2026-12-24T23:00:00Z').chain((middle) =>
  fc.tuple(
    fc.integer({ min: -2_000, max: 2_000 }).map((minutes) => Date.parse(middle) + minutes * minute),
    fc.integer({ min: 0, max: 4_000 }),
    fc.constantFrom(new Set<string>(), new Set(['2026-03-30', '2026-10-26', '2026-12-25'])),
  ),
);
const runs = process.env['ILEARN_LONG_TESTS'] === '1' ? 2_000 : 60;

describe('time within opening hours', () => {
  test('is what counting every minute gives, across both changes of the clock', async () => {
    await fc.assert(
      fc.asyncProperty(week, around, async (hours, [from, minutes, closed]) => {
        const calendar: Hours = { zone, hours, isClosed: (day) => closed.has(day) };
        let counted = 0;
        for (let at = 0; at < minutes; at += 1) if (isOpenOnTheWall(calendar, closed, from + at * minute)) counted += 1;
        const to = new Date(from + minutes * minute);
        expect(await openTime(calendar, new Date(from), to)).toBe(counted * minute);
        expect(await isOpen(calendar, new Date(from))).toBe(isOpenOnTheWall(calendar, closed, from));
        // The moment at which that much has passed is not later, and no opening lies between.
        const over = await afterOpenTime(calendar, new Date(from), counted * minute);
        if (counted > 0) expect(await openTime(calendar, over as Date, to)).toBe(0);
      }),
      { numRuns: runs },
    );
  });

  test('a clock from segments is what counting every minute of those that run gives', async () => {
    const hours = [
      ...Array.from(
        { length: 6 },
        () =>
          [
            [540, 720],
            [780, 1_020],
          ] as [number, number][],
      ),
      [[60, 240]] as [number, number][],
    ];
    const calendar: Hours = { zone, hours, isClosed: isLegalHoliday };
    const states = fc.array(fc.tuple(fc.constantFrom('run', 'pause'), fc.integer({ min: 1, max: 900 })), {
      minLength: 1,
      maxLength: 8,
    });
    await fc.assert(
      fc.asyncProperty(states, around, fc.integer({ min: 1, max: 900 }), async (list, [from], target) => {
        let at = from;
        let counted = 0;
        const segments = list.map(([state, length]) => {
          const segment = { state: state as 'run' | 'pause', at: new Date(at), level_id: 'a', target_minutes: target };
          for (let each = 0; each < length; each += 1) {
            const moment = at + each * minute;
            const day = shown.format(moment).slice(0, 10);
            if (state === 'run' && !isLegalHoliday(day) && isOpenOnTheWall(calendar, new Set(), moment)) counted += 1;
          }
          at += length * minute;
          return segment;
        });
        const { elapsed, due, late } = await readClock(segments, () => calendar, new Date(at));
        expect(elapsed).toBe(counted * minute);
        expect(late).toBe(counted > target);
        if (list.at(-1)?.[0] === 'pause') expect(due).toBeNull();
        else expect((due as Date).getTime() <= at).toBe(counted >= target);
      }),
      { numRuns: runs },
    );
  });

  test('H25: a day until 23:59 loses no minute, no hours are refused, and a time crosses the close of the day', async () => {
    const whole = { hours: Array.from({ length: 7 }, () => [[0, 1_439]]), legalHolidays: false, schoolHolidays: false };
    const times = { firstMinutes: [1, 1, 1, 1], solveMinutes: [1, 1, 1, 1] };
    const always = serviceLevelInput.parse({ ...whole, ...times });
    const calendar: Hours = { zone, hours: always.hours, isClosed: () => false };
    const [from, to] = [new Date('2026-10-24T12:00:00Z'), new Date('2026-10-26T12:00:00Z')];
    expect(await openTime(calendar, from, to)).toBe(to.getTime() - from.getTime());
    expect(serviceLevelInput.safeParse({ ...whole, ...times, hours: Array.from({ length: 7 }, () => []) }).success).toBe(false);
    expect(serviceLevelInput.safeParse({ ...whole, ...times, hours: [[[600, 540]], [], [], [], [], [], []] }).success).toBe(
      false,
    );
    const days: Hours = {
      zone,
      hours: [...Array.from({ length: 5 }, () => [[480, 1_020]] as [number, number][]), [], []],
      isClosed: () => false,
    };
    // Friday 16:30 and one hour: Monday 8:30, which is in winter time by then.
    expect(await afterOpenTime(days, new Date('2026-10-23T14:30:00Z'), 60 * minute)).toEqual(new Date('2026-10-26T07:30:00Z'));
    const never: Hours = { zone, hours: Array.from({ length: 7 }, () => []), isClosed: () => false };
    expect(await afterOpenTime(never, from, minute)).toBeNull();
    expect(openingsIn('9:00-12:00, 13:00–17:30')).toEqual([
      [540, 720],
      [780, 1_050],
    ]);
    expect(openingsIn('')).toEqual([]);
    expect(openingsIn('van 9 tot 5')).toBeUndefined();
  });

  test('legal holidays of Belgium follow Easter', () => {
    for (const day of [
      '2026-04-06',
      '2026-05-14',
      '2026-05-25',
      '2026-07-21',
      '2027-03-29',
      '2027-05-06',
      '2030-04-22',
      '2026-11-11',
    ]) {
      expect(isLegalHoliday(day), day).toBe(true);
    }
    for (const day of ['2026-04-05', '2026-07-11', '2026-12-26', '2027-04-05']) expect(isLegalHoliday(day), day).toBe(false);
  });
});

describe('states of a ticket', () => {
  const page = readFileSync(new URL('../../../docs/helpdesk.md', import.meta.url), 'utf8');

  test('the table of docs/helpdesk.md is that of the code', () => {
    const section = /## States of a ticket\n([\s\S]*?)\n## /.exec(page)?.[1] ?? '';
    const rows = [...section.matchAll(/^\| `([\w-]+)` \| (.*?) \| `(\w+)` \| (.*?) \| (.*?) \| (.*?) \|$/gm)].map(
      ([, action, from, to, by, tells, kind]) => ({ action, from, to, by, tells, kind }),
    );
    const written = ticketTransitions.map(({ action, from, to, by, tells, kind }) => ({
      action,
      from: from.map((each) => (each === null ? '–' : `\`${each}\``)).join(', '),
      to,
      by: by.join(', '),
      tells: tells.join(', ') || '–',
      kind: kind === null ? '–' : `\`${kind}\``,
    }));
    expect(rows).toEqual(written);
  });

  test('every state but the first is reached by a transition, and every action leads from a state once', () => {
    const reached = new Set<string>(ticketTransitions.map(({ to }) => to));
    expect(ticketStates.filter((state) => !reached.has(state))).toEqual([]);
    for (const state of [null, ...ticketStates]) {
      for (const { action } of ticketTransitions) {
        const found = ticketTransitions.filter(
          (each) => each.action === action && (each.from as readonly unknown[]).includes(state),
        );
        expect(found.length).toBeLessThan(2);
        expect(transitionOf(action, state)).toBe(found[0]);
      }
    }
    expect(ticketStates.filter((state) => phaseOf(state) === 'run')).toEqual(['new', 'open']);
  });
});

test('what goes out to a provider has no names, addresses and telephone numbers', () => {
  const text =
    'Noor El Amrani (noor@school.example, 0470 12 34 56) ziet niets. NOOR probeerde het twee keer; Noortje niet. Klas 3A, 12 leerlingen.';
  expect(minimised(text, ['Noor El Amrani', 'Noor', 'Amrani'])).toBe(
    '[…] ([…], […]) ziet niets. […] probeerde het twee keer; Noortje niet. Klas 3A, 12 leerlingen.',
  );
  expect(minimised('a.b (x)', ['a.b', '('])).toBe('[…] (x)');
});
