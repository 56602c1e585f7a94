import { createTestPlatform } from '@ilearn/core/testing';
import { school, teacher } from '@ilearn/plugin-directory/testing';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  academyPortal,
  enrol,
  event,
  heard,
  type Person,
  passDays,
  plugins,
  statesOf,
  training,
  type World,
} from './support/academy.js';

const isLong = process.env['ILEARN_LONG_TESTS'] === '1';

let world: World;
beforeAll(async () => {
  world = await academyPortal();
});
afterAll(() => world?.portal.stop());

describe('any sequence of bookings, cancellations, changes of capacity, approvals and passing time', () => {
  const person = fc.nat({ max: 5 });
  const step = fc.oneof(
    { weight: 6, arbitrary: fc.record({ do: fc.constant('ask' as const), person }) },
    { weight: 3, arbitrary: fc.record({ do: fc.constant('cancel' as const), person }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('answer' as const), person, accepts: fc.boolean() }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('capacity' as const), capacity: fc.nat({ max: 4 }) }) },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('decide' as const), person, approves: fc.boolean() }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('promote' as const), person }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('approval' as const), approval: fc.constantFrom('none', 'principal') }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), days: fc.constantFrom(1, 3, 20) }) },
  );
  const scenario = fc.record({
    promotion: fc.constantFrom('book', 'offer'),
    approval: fc.constantFrom('none', 'principal'),
    capacity: fc.nat({ max: 3 }),
    steps: fc.array(step, { minLength: 3, maxLength: 14 }),
  });
  const seated = ['booked', 'offered'];
  const live = [...seated, 'waitlisted', 'requested', 'endorsed'];

  test('keeps the number of seats, the order of the queue, and gives each free seat once', { timeout: 240_000 }, async () => {
    const people: Person[] = [];
    for (let each = 0; each < 6; each++) people.push(await world.at(world.wegwijzer));
    const trainingId = await training(world);
    await fc.assert(
      fc.asyncProperty(scenario, async ({ promotion, approval, capacity: atFirst, steps }) => {
        const settings = { promotion, approval, capacity: atFirst };
        const eventId = await event(world, trainingId, settings);
        const { body } = await world.planner.get(`/api/academy/desk/events/${eventId}`);
        const rows = () =>
          statesOf(world, eventId) as Promise<{ id: string; person_id: string; state: string; queue_no: string | null }[]>;
        const idOf = async (who: Person) =>
          (await rows()).findLast((row) => row.person_id === who.personId && live.includes(row.state))?.id;
        for (const taken of steps) {
          const before = await rows();
          const queued = before.filter(({ state }) => state === 'waitlisted').map(({ id }) => id);
          const seats = before.filter(({ state }) => seated.includes(state)).length;
          const who = people['person' in taken ? taken.person : 0] as Person;
          const id = await idOf(who);
          if (taken.do === 'ask') await enrol(who, eventId, world.wegwijzer, { acceptClash: true });
          if (taken.do === 'cancel' && id) await who.post(`/api/academy/enrolments/${id}/cancellation`, {});
          if (taken.do === 'answer' && id) await who.post(`/api/academy/enrolments/${id}/answer`, { accepts: taken.accepts });
          if (taken.do === 'decide' && id)
            await world.principal.post('/api/academy/team/approvals', { ids: [id], approves: taken.approves, reason: 'Daarom' });
          if (taken.do === 'promote' && id) await world.planner.post(`/api/academy/desk/enrolments/${id}/promotion`, {});
          if (taken.do === 'capacity' || taken.do === 'approval') {
            if (taken.do === 'capacity') settings.capacity = taken.capacity;
            else settings.approval = taken.approval;
            const { sessions } = body;
            const kept = sessions.map(({ startsAt: _s, endsAt: _e, ...session }: Record<string, unknown>) => session);
            await world.planner.put(`/api/academy/desk/events/${eventId}`, { ...settings, sessions: kept });
          }
          if (taken.do === 'pass') {
            await passDays(world, eventId, taken.days);
            await world.portal.work('academy', ({ sweep }) => sweep.run());
          }
          const after = await rows();
          const now = after.filter(({ state }) => seated.includes(state));
          const byHand = taken.do === 'promote' ? 1 : 0;
          expect(now.length).toBeLessThanOrEqual(Math.max(settings.capacity, seats + byHand));
          // Who waited before and waits still is in the same order, unless an offer of theirs ran out.
          const waiting = after.filter(({ state }) => state === 'waitlisted').map(({ id: row }) => row);
          const still = queued.filter((row) => waiting.includes(row));
          expect(waiting.filter((row) => still.includes(row))).toEqual(still);
          // Those who moved up were the first; by hand anybody may.
          const moved = queued.filter((row) => now.some(({ id: seat }) => seat === row));
          if (byHand === 0)
            expect(moved).toEqual(queued.filter((row) => !(row === id && taken.do === 'cancel')).slice(0, moved.length));
          // No free seat is left while somebody waits, and nobody waits who could sit.
          const started = (
            await world.portal.work('academy', ({ knex }) =>
              knex('events').where({ id: eventId }).first(knex.raw('starts_at <= now() as over')),
            )
          ).over;
          if (!started && waiting.length > 0) expect(now.length).toBeGreaterThanOrEqual(settings.capacity);
          const perPerson = after.filter(({ state }) => live.includes(state)).map(({ person_id }) => person_id);
          expect(new Set(perPerson).size).toBe(perPerson.length);
          if (started) break;
        }
      }),
      { numRuns: isLong ? 300 : 8 },
    );
  });
});

/** Tries again while the portal says that the database is busy and nothing was stored. */
async function enrolPatiently(who: Person, eventId: string, place: { id: string }): Promise<number> {
  for (;;) {
    const { status } = await enrol(who, eventId, place, { acceptClash: true });
    if (status !== 503) return status;
    await new Promise((resolve) => setTimeout(resolve, 500));
  }
}

test('200 people who race for 20 seats in two processes: 20 booked, 180 in the order in which they came, each told once', {
  timeout: 600_000,
}, async () => {
  const [racers, seats] = isLong ? [200, 20] : [40, 8];
  const beside = await createTestPlatform({ plugins, beside: world.portal });
  try {
    const trainingId = await training(world);
    const place = await school(world.portal, { name: 'De Renbaan' });
    const people: Person[] = [];
    for (let each = 0; each < racers; each++) {
      const { id } = await teacher(world.portal, place);
      people.push(Object.assign(await (each % 2 === 0 ? world.portal : beside).signIn(id), { personId: id }));
    }
    for (let round = 0; round < (isLong ? 50 : 1); round++) {
      const eventId = await event(world, trainingId, { capacity: seats });
      const statuses = await Promise.all(people.map((who) => enrolPatiently(who, eventId, place)));
      expect(statuses.filter((status) => status !== 201)).toEqual([]);
      const rows = await world.portal.work('academy', ({ knex }) =>
        knex('enrolments as e')
          .join('enrolment_states as s', 's.enrolment_id', 'e.id')
          .where({ event_id: eventId })
          .orderBy('s.id')
          .select('e.state', 'e.queue_no'),
      );
      expect(rows).toHaveLength(racers);
      expect(rows.map(({ state }: { state: string }) => state)).toEqual([
        ...Array(seats).fill('booked'),
        ...Array(racers - seats).fill('waitlisted'),
      ]);
      expect(rows.slice(seats).map(({ queue_no }: { queue_no: string }) => Number(queue_no))).toEqual(
        Array.from({ length: racers - seats }, (_, at) => at + 1),
      );
      if (round > 0) continue;
      for (const who of people.slice(0, 10)) {
        const told = Object.values(await heard(world, who.personId)).reduce((sum, times) => sum + times, 0);
        expect(told).toBe(1);
      }
    }
  } finally {
    await beside.stop();
  }
});
