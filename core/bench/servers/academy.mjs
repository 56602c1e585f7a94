// A portal with many sign-ups, and what people ask of it one after another.

import { createTestPlatform } from '@ilearn/core/testing';
import academy from '@ilearn/plugin-academy';
import directory from '@ilearn/plugin-directory';
import { provider, providerPerson, school, teacher } from '@ilearn/plugin-directory/testing';
import { quantile } from '../support.mjs';
import { addAcademyRows } from './academy-rows.mjs';

const size = Number(process.argv[2]);
const rounds = 100;
const withoutPages = ({ ui: _ui, ...server }) => server;
const portal = await createTestPlatform({ plugins: [directory, academy].map(withoutPages), settings: { logLevel: 'error' } });
const [kaai, place] = [await provider(portal, { name: 'De Kaai' }), await school(portal)];
const tenants = { provider: kaai.id, school: place.id };
const wanted = { trainings: Math.ceil(size / 100), events: Math.ceil(size / 20), enrolments: size };
await portal.work('academy', ({ knex }) => addAcademyRows(knex, tenants, wanted));
const { pool } = await portal.platform.home();
await pool.query('analyze');

const reader = await portal.signIn((await teacher(portal, place)).id);
const planner = await portal.signIn((await providerPerson(portal, kaai, { roles: ['planner'] })).id);
const { id: event } = await portal.work('academy', ({ knex }) => knex('events').first('id'));
const words = ['begrijpend lez', 'lezen deel', 'leerlingen', 'deel 7'];
const asked = {
  'catalogue, words and a facet': (n) => [
    reader,
    `/catalogue?${new URLSearchParams({ q: words[n % 4], focus: `focus ${n % 30}` })}`,
  ],
  'catalogue, all': () => [reader, '/catalogue'],
  'desk, events to come': () => [planner, '/desk/events'],
  'desk, one event': () => [planner, `/desk/events/${event}`],
  'start page of the desk': () => [planner, '/start/desk'],
};
const rows = {};
for (const [name, call] of Object.entries(asked)) {
  const times = [];
  for (let n = 0; n < rounds + 5; n += 1) {
    const [who, address] = call(n);
    const begun = performance.now();
    const { status } = await who.get(`/api/academy${address}`);
    if (status !== 200) throw new Error(`${name}: ${status}`);
    if (n >= 5) times.push(performance.now() - begun);
  }
  const tenths = (value) => Math.round(value * 10) / 10;
  rows[name] = { p50: tenths(quantile(times, 0.5)), p95: tenths(quantile(times, 0.95)) };
}
await portal.stop();
process.send(rows, () => process.exit(0));
