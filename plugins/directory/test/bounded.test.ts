import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { afterAll, beforeAll, expect, test } from 'vitest';

const root = '88888888-8888-4888-8888-888888888888';
let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [directory] });
  await portal.grant(root, [{ tenant: null, role: 'portal-administrator' }]);
  await portal.work('directory', async ({ knex }) => {
    await knex.raw(
      `insert into schools (id, instellingsnummer, name) select gen_random_uuid(), lpad(n::text, 6, '0'), 'School ' || n from generate_series(1, 6000) n`,
    );
    await knex.raw(
      `insert into school_years (id, school_id, name, starts_on, ends_on)
       select gen_random_uuid(), id, '2025-2026', '2025-09-01', '2026-08-31' from schools limit 10`,
    );
    await knex.raw(
      `insert into classes (school_id, kind, name, school_year, sourced_id)
       select y.school_id, 'class', n || 'A', '2025-2026', n::text from school_years y, generate_series(1, 400) n`,
    );
    await knex.raw(
      `insert into sites (id, school_id, sourced_id, name) select gen_random_uuid(), y.school_id, n::text, 'Site ' || n
       from (select school_id from school_years limit 1) y, generate_series(1, 1000) n`,
    );
  });
});
afterAll(() => portal?.stop());

test('issue 11: lists have a maximum length and say whether there are more', async () => {
  const administrator = await portal.signIn(root);
  const schools = await administrator.get('/api/directory/schools');
  expect([schools.status, schools.body.schools.length, schools.body.more]).toEqual([200, 5_000, true]);
  const classes = await administrator.get('/api/directory/classes?of=school');
  expect([classes.status, classes.body.classes.length, classes.body.more]).toEqual([200, 2_000, true]);
  const [{ school_id: school }] = await portal.work('directory', ({ knex }) => knex('sites').select('school_id').limit(1));
  const details = await administrator.get(`/api/directory/schools/${school}`);
  expect([details.status, details.body.sites.length, details.body.more]).toEqual([200, 500, true]);
  const one = await administrator.get(`/api/directory/classes?of=school&school=${school}`);
  expect([one.body.classes.length, one.body.more]).toEqual([400, false]);
});
