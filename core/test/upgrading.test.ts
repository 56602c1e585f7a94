import { openTestHome } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kernelMigrations } from '../dist/database/migrations/kernel/index.js';
import { bram, lotte, north, person, plugin, south, sql } from './support/fixtures.js';
import { column, portalOn, type TestHome } from './support/portal.js';

// A database of a version whose word for a tenant was school.
let home: TestHome;
beforeAll(async () => {
  home = await openTestHome();
});
afterAll(() => home?.close());

const notes = plugin('notes', {
  tables: { notes: { tenant: 'school_id' }, trips: { tenant: 'school_ids' } },
  migrations: [sql('0001', 'create table notes (school_id uuid, text text); create table trips (school_ids uuid[], text text)')],
});

async function oldDatabase(): Promise<void> {
  const portal = portalOn(home, [notes]);
  await portal.prepare();
  await portal.work('notes', async ({ knex }) => {
    await knex('notes').insert([
      { school_id: north, text: 'noord' },
      { school_id: south, text: 'zuid' },
    ]);
    await knex('trips').insert({ school_ids: [north, south], text: 'samen' });
  });
  await portal.stop();
  const client = await home.pool.connect();
  try {
    for (const { name, down } of kernelMigrations.filter((each) => each.name === '0013_tenants')) {
      await client.query(`begin; ${down}; delete from kernel.migrations where name = '${name}'; commit`);
    }
    await client.query(`insert into kernel.role_grants (person_id, school_id, role) values
      ('${lotte}', '${north}', 'teacher'), ('${bram}', null, 'portal-administrator')`);
    await client.query(
      `insert into kernel.messages (plugin, kind, name, payload, schools) values ('none', 'job', 'x', '{}', '["${north}"]')`,
    );
    await client.query(`insert into kernel.exports (person_id, schools, language) values ('${lotte}', '{${north}}', 'nl')`);
    await client.query(
      `insert into kernel.audit_entries (actor_kind, actor, plugin, route, params, status, schools, request_id, people)
       values ('person', null, 'notes', 'GET /notes', '{}', 200, '{${north}}', 'r1', '{}')`,
    );
  } finally {
    client.release();
  }
}

test('an older database keeps its roles, audit log, messages and separation of rows', async () => {
  await oldDatabase();
  const policies = `select concat(qual, with_check) from pg_policies where schemaname = 'notes'`;
  for (const policy of await column(home, policies)) expect(policy).toMatch(/ilearn\.all_schools/);

  // Policies follow at once, also those of a plugin that is not loaded.
  const without = portalOn(home, []);
  await without.prepare();
  await without.stop();
  const found = await column(home, policies);
  expect(found).toHaveLength(8);
  for (const policy of found) {
    expect(policy).toMatch(/ilearn\.all_tenants/);
    expect(policy).not.toMatch(/schools/);
  }

  const portal = portalOn(home, [notes]);
  await portal.prepare();
  const seen = (table: string) =>
    portal.runner.run({ principal: person([north]) }, (frame) =>
      (portal.runner.cradleOf('notes', frame) as any).knex(table).pluck('text'),
    );
  expect(await seen('notes')).toEqual(['noord']);
  expect(await seen('trips')).toEqual(['samen']);
  expect(await column(home, `select concat_ws(' ', person_id, tenant_id, role) from kernel.role_grants order by role`)).toEqual([
    `${bram} portal-administrator`,
    `${lotte} ${north} teacher`,
  ]);
  expect(await column(home, `select tenants from kernel.messages where plugin = 'none'`)).toEqual([[north]]);
  expect(await column(home, `select tenants from kernel.audit_entries where request_id = 'r1'`)).toEqual([[north]]);
  expect(await column(home, `select tenants from kernel.exports where person_id = '${lotte}'`)).toEqual([[north]]);
  await portal.stop();
});
