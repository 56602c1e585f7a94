import { countStatements } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addAcademyRows } from '../../../core/bench/servers/academy-rows.mjs';
import { academyPortal, type Person, type World } from './support/academy.js';

const size = { trainings: 60, events: 120, enrolments: 1_200 };

let world: World;
beforeAll(async () => {
  world = await academyPortal();
}, 300_000);
afterAll(() => world?.portal.stop());

const addresses = (eventId: string): [string, Person, string][] => [
  ['catalogue', world.an, '/api/academy/catalogue?q=begrijpend+lez&focus=focus+3'],
  ['catalogue, all', world.an, '/api/academy/catalogue'],
  ['suggestions', world.an, '/api/academy/suggestions'],
  ['search', world.an, '/api/academy/search/trainings?q=begrijpend'],
  ['start', world.planner, '/api/academy/start/desk'],
  ['desk', world.planner, '/api/academy/desk/events'],
  ['event', world.planner, `/api/academy/desk/events/${eventId}`],
];

test('catalogue, suggestions, desk and start page send as many statements for many rows as for few', async () => {
  const counted: Record<string, number[]> = {};
  await world.an.put('/api/academy/my-interests', { foci: ['focus 3'] });
  for (const share of [0.1, 0.9]) {
    const wanted = {
      trainings: Math.ceil(size.trainings * share),
      events: Math.ceil(size.events * share),
      enrolments: Math.ceil(size.enrolments * share),
    };
    const tenants = { provider: world.kaai.id, school: world.wegwijzer.id };
    await world.portal.work('academy', ({ knex }) => addAcademyRows(knex, tenants, wanted));
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
});
