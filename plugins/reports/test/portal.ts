import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import cube, { addDays, periodOf } from '@ilearn/plugin-cube';
import directory from '@ilearn/plugin-directory';
import { school, teacher } from '@ilearn/plugin-directory/testing';
import library from '@ilearn/plugin-library';
import lti from '@ilearn/plugin-lti';
import reports from '@ilearn/plugin-reports';
import { simulate } from '../../cube/dist/demo/simulate.js';

const sizes = [110, 12, 90, 30];

/** A portal with four schools, of which a week of last month was published, and the month. */
export async function createReports(options: { uiFolder?: string } = {}) {
  const portal: TestPlatform = await createTestPlatform({ plugins: [directory, library, lti, cube, reports], ...options });
  const places: { id: string; name: string }[] = [];
  for (const at of sizes.keys()) places.push(await school(portal, { name: `School ${String.fromCharCode(65 + at)}` }));
  const today: string = await portal.work('cube', ({ calendar }) => calendar.today());
  const thisMonth = periodOf('month', today).startsOn;
  const from = periodOf('month', addDays(thisMonth, -1)).startsOn;
  const days: string[] = [];
  const monday = periodOf('week', addDays(from, 12)).startsOn;
  for (let day = monday; day < addDays(monday, 5); day = addDays(day, 1)) days.push(day);
  await portal.work('cube', async ({ knex }) => {
    for (const [at, { id: school_id }] of places.entries()) {
      const rows = simulate({ seed: at + 1, pupils: sizes[at] as number }, days).map((row) => ({ ...row, school_id }));
      if (rows.length > 0) await knex.batchInsert('cells', rows, 500);
    }
    await knex('started').insert(['pupils', 'launches', 'shared'].map((measure) => ({ measure, day: from })));
    await knex('items').insert({ item: 'practice', name: 'Oefenprogramma' });
  });
  await portal.work('cube', ({ jobs }) => jobs.enqueue('prepare', {}));
  // Publishing takes longer than other work of a test.
  await portal.drain().catch(() => portal.drain());
  const principal = await teacher(portal, places[0] as { id: string });
  await portal.grant(principal.id, [{ tenant: (places[0] as { id: string }).id, role: 'principal' }]);
  const operator = await teacher(portal, places[0] as { id: string });
  await portal.grant(operator.id, [{ tenant: null, role: 'portal-administrator' }]);
  return { portal, places, principal, operator };
}
