import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addDays, brusselsDay, daysBetween, endOfDay, endOfSchoolYear } from '../src/days/brussels.js';
import { type Candidate, decide, grounds } from '../src/decisions/decide.js';

const day = fc.integer({ min: 0, max: 4_000 }).map((days) => addDays('2024-01-01', days));

test('a day in Brussels ends at its midnight, also when clocks change', () => {
  expect(endOfDay('2027-03-27').toISOString()).toBe('2027-03-27T23:00:00.000Z');
  // The last Sunday of March has 23 hours, that of October 25.
  expect(endOfDay('2027-03-28').toISOString()).toBe('2027-03-28T22:00:00.000Z');
  expect(endOfDay('2027-10-30').toISOString()).toBe('2027-10-30T22:00:00.000Z');
  expect(endOfDay('2027-10-31').toISOString()).toBe('2027-10-31T23:00:00.000Z');
  expect(endOfDay('2027-12-31').toISOString()).toBe('2027-12-31T23:00:00.000Z');
  expect(brusselsDay(new Date('2027-08-31T21:59:59.999Z'))).toBe('2027-08-31');
  expect(brusselsDay(new Date('2027-08-31T22:00:00Z'))).toBe('2027-09-01');
  expect([endOfSchoolYear('2026-09-01'), endOfSchoolYear('2027-08-31')]).toEqual(['2027-08-31', '2027-08-31']);
});

test('the last instant of a day is in it, and the next one is not', () => {
  fc.assert(
    fc.property(day, (each) => {
      const end = endOfDay(each).getTime();
      expect([brusselsDay(new Date(end - 1)), brusselsDay(new Date(end))]).toEqual([each, addDays(each, 1)]);
      expect(daysBetween(each, addDays(each, 1))).toBe(1);
    }),
    { numRuns: 300 },
  );
});

const candidate = (today: string): fc.Arbitrary<Candidate> =>
  fc
    .record({
      plan: fc.uuid(),
      starts: fc.integer({ min: -60, max: 5 }),
      length: fc.integer({ min: 0, max: 70 }),
      graceDays: fc.integer({ min: 0, max: 10 }),
      seats: fc.option(fc.integer({ min: 1, max: 3 })),
      used: fc.integer({ min: 0, max: 3 }),
      cap: fc.option(fc.integer({ min: 1, max: 3 })),
      usedHere: fc.integer({ min: 0, max: 3 }),
      counts: fc.constantFrom<'pupils' | 'everyone'>('pupils', 'everyone'),
      withdrawn: fc.boolean(),
      onlyChosen: fc.boolean(),
      chosen: fc.boolean(),
      seat: fc.constantFrom<Candidate['seat']>('held', 'withdrawn', null, null),
    })
    .map(({ starts, length, ...rest }) => ({
      ...rest,
      name: '',
      startsOn: addDays(today, starts),
      endsOn: addDays(today, starts + length),
    }));

const today = '2027-03-28';
const world = fc.record({
  candidates: fc.array(candidate(today), { maxLength: 5 }),
  asker: fc.record({ staff: fc.boolean(), person: fc.constant(true) }),
});

test('any plans: what is allowed is what one plan allows, and nobody gets past a period, a seat or a choice', () => {
  fc.assert(
    fc.property(world, ({ candidates, asker }) => {
      const decision = decide(candidates, today, asker);
      const alone = candidates.map((each) => decide([each], today, asker));
      // Union: allowed if and only if one alone is, and for the best reason of all.
      expect(decision.allowed).toBe(alone.some(({ allowed }) => allowed));
      if (candidates.length > 0) expect(alone).toContainEqual(decision);
      for (const [at, one] of candidates.entries()) {
        const { allowed, reason } = alone[at] as (typeof alone)[number];
        const inPeriod = one.startsOn <= today && today <= one.endsOn;
        const inGrace = today > one.endsOn && daysBetween(one.endsOn, today) <= one.graceDays;
        if (allowed) expect(!one.withdrawn && (inPeriod || inGrace)).toBe(true);
        if (reason === 'free-seat') {
          expect(one.used < (one.seats ?? 0) && one.usedHere < (one.cap ?? Number.POSITIVE_INFINITY) && inPeriod).toBe(true);
          expect(one.onlyChosen && !one.chosen).toBe(false);
        }
        // A holder of a seat is never refused for want of seats.
        if (one.seat === 'held') expect(['full', 'not-chosen']).not.toContain(reason);
        if (one.seat === 'withdrawn' && one.seats !== null && (!asker.staff || one.counts === 'everyone'))
          expect(allowed).toBe(false);
      }
      // No seat is taken where something that costs none is there.
      if (decision.reason === 'free-seat')
        expect(alone.some(({ allowed, reason }) => allowed && grounds.indexOf(reason as never) < 3)).toBe(false);
      // The order in which plans are given changes nothing.
      expect(decide([...candidates].reverse(), today, asker)).toEqual(decision);
    }),
    { numRuns: 1_000 },
  );
});
