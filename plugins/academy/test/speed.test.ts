import { countStatements } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { academyPortal, type Person, type World } from './support/academy.js';

/** With `ILEARN_LONG_TESTS=1` the size of a whole country, and the times are judged. */
const isLong = process.env['ILEARN_LONG_TESTS'] === '1';
const size = isLong
  ? { trainings: 1_000, events: 5_000, enrolments: 100_000, calls: 200 }
  : { trainings: 60, events: 120, enrolments: 1_200, calls: 3 };

let world: World;
beforeAll(async () => {
  world = await academyPortal();
}, 300_000);
afterAll(() => world?.portal.stop());

/** Rows of one provider and school; `share` of the full size. */
async function grow({ trainings, events, enrolments }: typeof size): Promise<void> {
  await world.portal.work('academy', async ({ knex }) => {
    const { kaai, wegwijzer } = world;
    await knex.raw(
      `insert into trainings (provider_id, provider_name, title, goals, tools, foci, levels, state, search)
       select ?::uuid, 'De Kaai', title, 'Leerlingen lezen beter.', array['Leeslijn'], array['focus ' || n % 30], array['primary'], 'published',
         to_tsvector('dutch', title || ' Leerlingen lezen beter.')
       from generate_series(1, ?::int) n, lateral (select 'Begrijpend lezen deel ' || n as title) t`,
      [kaai.id, trainings],
    );
    await knex.raw(
      `with t as (select id, row_number() over () as n from trainings)
       insert into events (training_id, provider_id, capacity, region, starts_at, ends_at)
       select t.id, ?::uuid, 20, 'online', now() + make_interval(days => e % 300 + 1), now() + make_interval(days => e % 300 + 1, hours => 2)
       from generate_series(1, ?::int) e join t on t.n = e % ?::int + 1`,
      [kaai.id, events, trainings],
    );
    await knex.raw(
      `with v as (select id, row_number() over () as n from events)
       insert into enrolments (event_id, school_id, provider_id, person_id, state, queue_no)
       select v.id, ?::uuid, ?::uuid, gen_random_uuid(), case when s <= ?::int * 0.8 then 'booked' else 'waitlisted' end, s
       from generate_series(1, ?::int) s join v on v.n = s % ?::int + 1`,
      [wegwijzer.id, kaai.id, enrolments, enrolments, events],
    );
  });
}

const addresses = (eventId: string): [string, Person, string][] => [
  ['catalogue', world.an, '/api/academy/catalogue?q=begrijpend+lez&focus=focus+3'],
  ['catalogue, all', world.an, '/api/academy/catalogue'],
  ['desk', world.planner, '/api/academy/desk/events'],
  ['event', world.planner, `/api/academy/desk/events/${eventId}`],
];

test('the catalogue and the desk send as many statements for many rows as for few, and answer in time', {
  timeout: 600_000,
}, async () => {
  const counted: Record<string, number[]> = {};
  for (const share of [0.1, 0.9]) {
    await grow({
      ...size,
      trainings: Math.ceil(size.trainings * share),
      events: Math.ceil(size.events * share),
      enrolments: Math.ceil(size.enrolments * share),
    });
    const { id } = await world.portal.work('academy', ({ knex }) => knex('events').first('id'));
    for (const [name, who, address] of addresses(id)) {
      // The first call reads the session, and what is kept in memory.
      await who.get(address);
      const count = countStatements();
      expect((await who.get(address)).status).toBe(200);
      count.stop();
      counted[name] = [...(counted[name] ?? []), [...count.sent.values()].flat().length];
    }
  }
  for (const [name, [few, many]] of Object.entries(counted)) expect(many, name).toBe(few);
  const { id } = await world.portal.work('academy', ({ knex }) => knex('events').first('id'));
  for (const [name, who, address] of addresses(id)) {
    const times: number[] = [];
    for (let call = 0; call < size.calls; call++) {
      const start = performance.now();
      await who.get(address);
      times.push(performance.now() - start);
    }
    const p95 = times.sort((one, other) => one - other)[Math.floor(times.length * 0.95)] as number;
    if (!isLong) continue;
    console.log(`${name}: ${p95.toFixed(1)} ms at the 95th percentile`);
    expect(p95, name).toBeLessThan(50);
  }
});
