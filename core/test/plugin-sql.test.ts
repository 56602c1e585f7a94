import { Problem, routeFor } from '@ilearn/core';
import { createTestPlatform, openTestHome, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { lotte, none, north, plugin, sql } from './support/fixtures.js';
import { migrateOn, refusalOf, type TestHome } from './support/portal.js';

const route = routeFor<any>();
/** A refusal is told as a problem, so that the plugin stays in service. */
const injected = async ({ services: { knex }, body, query }: any) => {
  try {
    return { rows: (await knex.raw(body?.sql ?? query.sql)).rows ?? [] };
  } catch (error) {
    throw new Problem({ type: 'evil/refused', status: 422, title: 'refused', detail: (error as Error).message });
  }
};
const answer = { 200: z.object({ rows: z.array(z.unknown()) }) };

/** What an injection gives: it sends whatever it is asked to. */
const evil = plugin('evil', {
  permissions: { 'evil:do': ['teacher'] },
  tables: { kept: none },
  migrations: [
    sql(
      '0001',
      `create table kept (a int, t timestamptz default now(), p tsvector);
       create function twice(a int) returns int language sql as $$ select a * 2 $$`,
    ),
  ],
  routes: [
    route({
      method: 'POST',
      path: '/sql',
      summary: 'x',
      permission: 'signed-in',
      machines: { none: 'a test' },
      body: z.object({ sql: z.string() }),
      responses: answer,
      handler: injected,
    }),
    route({
      method: 'GET',
      path: '/sql',
      summary: 'x',
      permission: 'signed-in',
      machines: { none: 'a test' },
      query: z.object({ sql: z.string() }),
      responses: answer,
      handler: injected,
    }),
    route({
      method: 'GET',
      path: '/fine',
      summary: 'x',
      permission: 'evil:do',
      machines: { none: 'a test' },
      responses: { 200: z.object({ ok: z.boolean() }) },
      handler: async ({ services: { knex } }: any) => ({ ok: (await knex('kept')).length >= 0 }),
    }),
  ],
});
const victim = plugin('victim', {
  tables: { notes: none },
  migrations: [sql('0001', `create table notes (text text); insert into notes values ('geheim')`)],
});

let portal: TestPlatform;
let client: TestClient;
const raw = (text: string, values: unknown[] = []) => portal.work('evil', ({ knex }) => knex.raw(text, values));

/** Every connection of the pool, at once. */
async function onEachConnection<T>(fn: (client: any) => Promise<T>): Promise<T[]> {
  const { pool } = await portal.platform.home();
  const clients = await Promise.all(Array.from({ length: pool.options.max }, () => pool.connect()));
  try {
    return await Promise.all(clients.map(fn));
  } finally {
    for (const each of clients) each.release();
  }
}
const settingsOf = async (client: any) => {
  const { rows } = await client.query(`select name, setting from pg_settings where source = 'session' order by 1`);
  return JSON.stringify(rows);
};

beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [victim, evil] });
  await portal.grant(lotte, [{ tenant: north, role: 'teacher' }]);
  client = await portal.signIn(lotte);
});
afterAll(() => portal?.stop());

describe('attack 1b: a setting of the session', () => {
  test.each([
    "update pg_settings set setting = 'on' where name = 'default_transaction_read_only'",
    "update pg_settings set setting = 'off' where name = 'row_security'",
    "update pg_catalog.pg_settings set setting = '1' where name = 'statement_timeout'",
    `update "pg_settings" set setting = 'off' where name = 'synchronous_commit'`,
    `update U&"pg\\005fsettings" set setting = 'x' where name = 'search_path'`,
    "with x as (update pg_settings set setting = 'on' where name = 'x' returning 1) select * from x",
    "merge into pg_settings s using (select 1) x on s.name = 'search_path' when matched then update set setting = 'evil'",
    "select pg_catalog.set_config('search_path', 'evil, pg_catalog', false)",
    "select ('search_path').current_setting",
    'select x.setseed from (select 0.5::float8) x',
    'set search_path = evil, pg_catalog',
    'reset all',
  ])('cannot be changed: %s', async (text) => {
    const before = await onEachConnection(settingsOf);
    const posts = await Promise.all(Array.from({ length: 10 }, () => client.post('/api/evil/sql', { sql: text })));
    const got = await client.get(`/api/evil/sql?sql=${encodeURIComponent(text)}`);
    for (const { status, body } of [...posts, got]) {
      expect([status, body.detail]).toEqual([
        422,
        expect.stringMatching(/evil: (permission denied|only the kernel may run ".*")/),
      ]);
    }
    expect(await onEachConnection(settingsOf)).toEqual(before);
    expect((await client.get('/api/evil/fine')).body).toEqual({ ok: true });
  });
});

describe('attack 1: a function of the plugin that replaces one of PostgreSQL’s', () => {
  let home: TestHome;
  beforeAll(async () => {
    home = await openTestHome();
  });
  afterAll(() => home?.close());

  test.each([
    `create function now() returns timestamptz language plpgsql as $$ begin
       insert into kernel.role_grants values (gen_random_uuid(), null, 'portal-administrator'); return pg_catalog.now(); end $$`,
    "create function f() returns int language sql as $$ update pg_settings set setting = 'evil' where name = 'search_path' returning 1 $$",
    "create view v as select * from pg_settings; update v set setting = 'evil, pg_catalog' where name = 'search_path'",
    'create table t (a int); create rule r as on insert to t do also select 1',
    'create operator + (leftarg = text, rightarg = text, function = textcat)',
    'create function f(text) returns int language sql as $$ select 1 $$; create cast (text as int) with function f(text)',
    'create aggregate a (int) (sfunc = int4pl, stype = int)',
    'create table t (a int default pg_catalog.pg_backend_pid())',
    `create table t (a int, b text generated always as (current_setting('data_directory')) stored)`,
    'create table t (a int check (pg_sleep(a) is null))',
    'create domain d as text check (query_to_xml(value, true, true, $$$$) is not null)',
    'create index on pg_catalog.pg_class (relname)',
    'create function f() returns trigger language plpgsql as $$ begin perform pg_notify(new.a, $x$ $x$); return new; end $$',
    `create function f() returns trigger language plpgsql as $$ begin return new; end $$; create table t (a int);
     create constraint trigger c after insert on t deferrable initially deferred for each row execute function f()`,
    `create function f(a int) returns int immutable language sql as $$ select 1 $$;
     create table t (a int, exclude using btree (evil2.f(a) with =) deferrable initially deferred)`,
    `create function f() returns int language sql as $$ select 1 $$; create view v as select evil2.f() as a`,
    `create function f() returns int language plpgsql as $$ declare c cursor for select 1; begin open c; return 1; end $$`,
    `create function f() returns int language plpgsql as $$ begin for r in execute 'x' loop end loop; return 1; end $$`,
    `create function f() returns int language plpgsql as $$ begin return query execute 'x'; end $$`,
    `create function f() returns int language plpgsql as $$ declare x int := pg_backend_pid(); begin return x; end $$`,
    `create function f() returns int language plpgsql as $$ declare x int; begin x := lo_creat(1); return x; end $$`,
    `create function f() returns int language plpgsql as $$ declare x int[]; begin x[lo_creat(1)] := 2; return 1; end $$`,
    `create function f() returns int language plpgsql as $$ begin raise notice '%', pg_read_file('/etc/passwd'); return 1; end $$`,
    `create function f() returns int language plpgsql as $$ begin commit; return 1; end $$`,
    `create function f() returns int language plpgsql as $$ begin call other(); return 1; end $$`,
    `create function f() returns int begin atomic select lo_creat(1); end`,
    `create function f() returns int return lo_creat(1)`,
    `create function f(a int default lo_creat(1)) returns int language sql as $$ select 1 $$`,
    `create function f() returns int language internal as 'now'`,
    `create function f() returns int language c as 'x', 'y'`,
    `create procedure p() language sql as $$ select set_config('role', 'none', false) $$`,
    'create function f() returns int language sql set role to none as $$ select 1 $$',
    'create function f() returns int language sql set search_path = kernel as $$ select 1 $$',
    'create function f() returns int language sql set role from current as $$ select 1 $$',
    'alter default privileges grant select on tables to public',
    'alter role current_user set search_path = evil',
    'alter role current_user set role none',
    'grant evil2 to public',
    'create event trigger e on ddl_command_end execute function f()',
    'create trigger t before insert on kernel.sessions for each row execute function f()',
    'create temporary table t (a int)',
    'create table pg_temp.t (a int)',
    'create temp view v as select 1',
    'create temp sequence s',
    'create type pg_temp.e as enum ()',
    'create domain pg_temp.d as int',
    'select 1 into temp t',
    'create temp table t as select 1',
    'alter table kernel.sessions owner to current_user',
    'alter table if exists t owner to postgres',
    'create unlogged table pg_toast.t (a int)',
    'listen x',
    "copy (select 1) to program 'id'",
    'vacuum',
    "load 'x'",
    "comment on database postgres is 'x'",
    'create publication p for all tables',
    'create server s foreign data wrapper w',
    'create text search configuration c (copy = simple)',
    'declare c cursor with hold for select 1',
    'prepare p as select 1',
    "do language plpgsql $$ begin perform lo_from_bytea(1, 'x'); end $$",
    'do language plpython3u $$ x $$',
    "select lo_from_bytea(1, 'x')",
    'select pg_advisory_lock(1)',
  ])('is refused in a migration: %s', async (up) => {
    const made = plugin('evil2', { tables: {}, migrations: [sql('0001', up)] });
    expect(await refusalOf(migrateOn(home, [made]))).toMatch(
      /evil2 › migrations\.0001\n {4}(".*" would leave the transaction or the role|permission denied.*is not open to plugins|It failed at line)/s,
    );
  });

  test('is not called instead, even if a search path named its schema first', async () => {
    // As the connecting user: no plugin can do any of this.
    const { pool } = await portal.platform.home();
    await pool.query(`
      create table if not exists kernel.ran (a int);
      create or replace function evil.now() returns timestamptz language plpgsql as
        $$ begin insert into kernel.ran values (1); return pg_catalog.now(); end $$`);
    await onEachConnection((each) => each.query('set search_path = evil, pg_catalog'));
    for (let call = 0; call < 12; call++) expect((await client.get('/api/evil/fine')).status).toBe(200);
    expect((await pool.query('select * from kernel.ran')).rows).toEqual([]);
    await pool.query('drop function evil.now(); drop table kernel.ran');
    // And a unit of work that may have written leaves the connection as every one is.
    await onEachConnection((each) => each.query('set search_path = evil, pg_catalog'));
    const written = Array.from({ length: 20 }, () => portal.work('evil', async ({ knex }) => knex.raw('select 1')));
    await Promise.all(written);
    const paths = await onEachConnection(async (each) => (await each.query('show search_path')).rows[0].search_path);
    expect(paths).toContain('pg_catalog, kernel, pg_temp');
  });
});

describe('attack 7: functions outside the schema', () => {
  test('are refused in every form, wherever they are', async () => {
    const home = await openTestHome();
    try {
      for (const up of [
        `create function pg_temp.f() returns text language plpgsql as $$ begin return 'x'; end $$`,
        `create function f() returns int language sql as $$ select 1 $$; alter function f() set role to 'none'`,
        `create function f() returns int language sql as $$ select 1 $$; alter routine f() security definer`,
        `create function f() returns int language sql as $$ select 1 $$; alter function f() owner to postgres`,
        `create function f() returns int language sql as $$ select 1 $$; alter function f() set schema pg_temp`,
        `create function f() returns int language sql security definer as $$ select 1 $$`,
        `create function f() returns int language sql set work_mem = '1MB' as $$ select 1 $$`,
      ]) {
        const made = plugin('seven', { migrations: [sql('0001', up)] });
        expect(await refusalOf(migrateOn(home, [made]))).toMatch(/seven › migrations/);
      }
      // Made by hand, as the plugin's own role: the check of the catalog finds it where it lies.
      const fine = plugin('seven', { version: '1.0.1' });
      await migrateOn(home, [plugin('seven')]);
      await home.pool.query(`create schema elsewhere; grant all on schema elsewhere to ilearn_seven__owner;
        set role ilearn_seven__owner; create function elsewhere.f() returns int language sql security definer as 'select 1'; reset role`);
      expect(await refusalOf(migrateOn(home, [fine]))).toContain('The function elsewhere.f is "security definer"');
    } finally {
      await home.close();
    }
  });

  test('a plugin cannot create temporary objects, and none is left after migrating', async () => {
    const { pool } = await portal.platform.home();
    const { rows } = await pool.query(`select has_database_privilege('ilearn_evil', current_database(), 'TEMPORARY') as may`);
    expect(rows).toEqual([{ may: false }]);
  });
});

describe('attack 11: an object without tenants', () => {
  test.each([
    "select lo_from_bytea(777001, 'Noor'::bytea)",
    'select lo_create(0)',
    'select lo_get(777001)',
    "select lo_import('/etc/passwd')",
    'select (777001::oid).lo_get',
    'select x.lo_unlink from (select 777001::oid) x',
    'select x.lo_unlink from cast(777001 as oid) x',
    'select * into temp t from kept',
    'select * into t from kept',
    'explain analyze create temp table t as select 1',
    'explain analyze declare c cursor with hold for select 1',
    'create temp table t as select 1',
    'table pg_largeobject',
    'select * from pg_catalog.pg_largeobject_metadata',
  ])('is refused: %s', async (text) => {
    await expect(raw(text)).rejects.toThrow(/evil: (permission denied|only the kernel may run ".*")/s);
    const { body } = await client.get(`/api/evil/sql?sql=${encodeURIComponent(text)}`);
    expect(body.detail).toContain('evil: ');
  });
});

describe('attack 15: locks and names of others', () => {
  test.each([
    "select pg_advisory_xact_lock(hashtext('directory.import'))",
    'select pg_try_advisory_xact_lock(1, 2)',
    'select x.pg_advisory_xact_lock from generate_series(1, 1) x',
    'select statement from pg_prepared_statements',
    'select relname, reltuples from pg_class',
    'select * from pg_stat_all_tables',
    'select * from pg_catalog.pg_namespace',
    'select * from information_schema.role_table_grants',
    'select 16400::regclass',
    "select 'kernel.sessions'::pg_catalog.regclass",
    'select array[16400]::regclass[]',
    "select to_regclass('kernel.sessions')",
    "select pg_get_viewdef('x')",
    "select has_table_privilege('kernel.sessions', 'select')",
    'select pg_notify($$x$$, $$y$$)',
    "select dblink('x', 'y')",
    "select public.dblink('x', 'y')",
    'select pg_sleep(1)',
    'select lastval()',
    'select xmlforest(1 as a)',
    'select current_setting($$data_directory$$)',
    "select current_setting('data_' || 'directory')",
    'select victim.f()',
    'select * from victim.notes',
  ])('is refused: %s', async (text) => {
    await expect(raw(text)).rejects.toThrow(/evil: (permission denied|only the kernel may run ".*")/s);
  });

  test('a named lock is held until the end of the unit of work, by one plugin only', async () => {
    const order: string[] = [];
    const hold = (id: string, name: string, ms: number) =>
      portal.work(id, async ({ locks }) => {
        await locks.take(name);
        order.push(`${id} in`);
        await new Promise((resolve) => setTimeout(resolve, ms));
        order.push(`${id} out`);
      });
    await Promise.all([hold('evil', 'import', 100), hold('evil', 'import', 100)]);
    expect(order).toEqual(['evil in', 'evil out', 'evil in', 'evil out']);
    await portal.work('evil', async ({ locks }) => {
      await locks.take('import');
      expect(await locks.tryTake('import')).toBe(true);
    });
    const { kind } = await portal.platform.home();
    // The embedded database has one connection: there units of work wait for each other anyway.
    if (kind === 'pglite') return;
    await portal.work('evil', async ({ locks }) => {
      await locks.take('import');
      const other = (id: string) => portal.platform.work(id, ({ locks: others }: any) => others.tryTake('import'));
      expect(await outside(() => other('evil'))).toBe(false);
      expect(await outside(() => other('victim'))).toBe(true);
    });
  });
});

/** Runs outside the present unit of work, as another request would. */
const outside = <T>(fn: () => Promise<T>): Promise<T> =>
  new Promise((resolve, reject) => void waiting.push(() => fn().then(resolve, reject)));
const waiting: (() => void)[] = [];
setInterval(() => {
  for (const fn of waiting.splice(0)) fn();
}, 10).unref();

test('a refusal names the plugin, the place and the remedy', async () => {
  await expect(raw('select a,\n  pg_sleep(1) from kept')).rejects.toThrow(
    'evil: permission denied: the function pg_sleep is not open to plugins (line 2, column 3). Call a function that docs/plugins.md lists',
  );
  await expect(raw('select 1;\nreset role')).rejects.toThrow('evil: cannot insert multiple commands');
  await expect(raw('selct 1')).rejects.toThrow('evil: syntax error at or near "selct" (line 1, column 1)');
  await expect(raw(`select ${'('.repeat(20_000)}1`)).rejects.toThrow(/evil: (memory exhausted|it is nested too deeply)/);
  await expect(raw(`select ${'1 + '.repeat(50_000)}1`)).rejects.toThrow(/evil: .*nested too deeply/);
  expect(await raw('select evil.twice(?) as four', [2])).toMatchObject({ rows: [{ four: 4 }] });
});

test('on the embedded database, nothing runs as superuser, least of all units of work', async () => {
  const home = await portal.platform.home();
  if (home.kind !== 'pglite') return;
  const who = `select session_user::text as session, current_setting('is_superuser') as super`;
  expect((await home.pool.query(who)).rows).toEqual([{ session: 'portal', super: 'off' }]);
});
