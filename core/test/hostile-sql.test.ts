import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { none, plugin, sql } from './support/fixtures.js';
import { HostileSql } from './support/hostile-sql.js';

/** `npm run test:sql` makes it 100,000. */
const STATEMENTS = Number(process.env['ILEARN_SQL_STATEMENTS'] || 3_000);
const SEED = Number(process.env['ILEARN_SQL_SEED'] || 20_261_126);
const BATCH = 500;

vi.setConfig({ testTimeout: 60_000 + STATEMENTS * 60 });

const CANARY = 'kanarie-in-de-mijn';
const mallory = plugin('mallory', {
  tables: { notes: { ...none, notPeople: { j: 'a test' } } },
  migrations: [
    sql(
      '0001',
      `create table notes (id serial, a int unique, b text, j jsonb);
       insert into notes (a, b, j) values (1, 'een', '{"k": 1}'), (2, 'twee', null);
       create function twice(a int) returns int language sql as $$ select a * 2 $$`,
    ),
  ],
});
const victim = plugin('victim', {
  tables: { notes: none },
  migrations: [
    sql(
      '0001',
      `create table notes (a int, b text); insert into notes values (1, '${CANARY}'); create view shown as select * from notes;
       create function secret() returns text language sql as $$ select '${CANARY}' $$; create type mood as enum ('blij')`,
    ),
  ],
  exports: { views: ['shown'] },
});

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [victim, mallory] });
  const { pool } = await portal.platform.home();
  await pool.query(`insert into kernel.secrets (name, value) values ('canary', convert_to('${CANARY}', 'utf8'))`);
});
afterAll(() => portal?.stop());

/** Whatever a statement could have left: rows elsewhere, settings, objects, locks. Sessions are looked at one by one. */
async function traces(): Promise<unknown> {
  const { pool } = await portal.platform.home();
  const clients = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
  const ask = async (client: any, text: string) => JSON.stringify((await client.query(text)).rows);
  try {
    const [first] = clients;
    return {
      sessions: new Set(
        await Promise.all(
          clients.map((client) =>
            ask(
              client,
              `select (select json_object_agg(name, setting order by name) from pg_settings where source = 'session') as settings,
                 pg_my_temp_schema()::int as temporary, (select count(*)::int from pg_cursors where is_holdable) as cursors,
                 (select count(*)::int from pg_prepared_statements where from_sql) as prepared,
                 (select count(*)::int from pg_locks where locktype = 'advisory' and pid = pg_backend_pid() and mode <> 'ShareLock') as locks,
                 (select count(*)::int from pg_listening_channels()) as channels, current_user = session_user as same`,
            ),
          ),
        ),
      ),
      objects: await ask(
        first,
        `select (select count(*)::int from pg_largeobject_metadata) as large,
           (select array_agg(format('%s.%s', relnamespace::regnamespace, relname) order by 1) from pg_class
            where relnamespace::regnamespace::text !~ '^(pg_|information_schema|kernel)') as relations,
           (select array_agg(oid::regprocedure order by oid) from pg_proc where oid >= 16384) as functions,
           (select count(*)::int from pg_namespace) as schemas, (select count(*)::int from pg_roles where rolname ~ 'mallory|victim|evil') as roles,
           (select array_agg(setconfig::text) from pg_db_role_setting) as role_settings`,
      ),
      rows: await ask(
        first,
        `select (select json_agg(n) from victim.notes n) as notes, (select json_agg(s order by name) from kernel.secrets s) as secrets,
           (select json_agg(g) from kernel.role_grants g) as grants, (select count(*) from kernel.sessions) as sessions`,
      ),
    };
  } finally {
    for (const client of clients) client.release();
  }
}

test(`${STATEMENTS} hostile statements read nothing, change nothing and leave nothing`, async () => {
  const source = new HostileSql(SEED);
  const before = await traces();
  const counts = { refused: 0, failed: 0, ran: 0 };
  for (let done = 0; done < STATEMENTS; done += BATCH) {
    const ran: string[] = [];
    for (let index = 0; index < Math.min(BATCH, STATEMENTS - done); index++) {
      const { text, reaches } = source.next();
      const outcome = await portal
        .work('mallory', ({ knex }) => knex.raw(text.replaceAll('?', '\\?')))
        .then(
          (result: any) => ({ rows: result?.rows }),
          (error: Error) => ({ error }),
        );
      if ('error' in outcome) {
        const guarded = /mallory: /.test(outcome.error.message);
        counts[guarded ? 'refused' : 'failed']++;
        expect(
          guarded || !reaches || /permission denied|does not exist|syntax/.test(outcome.error.message),
          `${text}\n${outcome.error.message}`,
        ).toBe(true);
        continue;
      }
      counts.ran++;
      ran.push(text);
      expect(reaches, `it ran: ${text}`).toBe(false);
      expect(JSON.stringify(outcome.rows ?? null), text).not.toContain(CANARY);
    }
    expect(await traces(), ran.join('\n')).toEqual(before);
  }
  console.log(`hostile SQL: ${JSON.stringify(counts)}`);
  expect(counts.ran).toBeGreaterThan(STATEMENTS / 20);
  expect(counts.refused).toBeGreaterThan(STATEMENTS / 4);
});
