import { openTestHome } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { kernelMigrations } from '../dist/database/migrations/kernel/index.js';
import { none, north, plugin, sql } from './support/fixtures.js';
import { column, migrateOn, portalOn, refusalOf, type TestHome } from './support/portal.js';

const kernel = kernelMigrations.map(({ name }) => name);

let home: TestHome;
beforeAll(async () => {
  home = await openTestHome();
});
afterAll(() => home?.close());

const tables = (schema: string) =>
  column(home, `select tablename::text from pg_tables where schemaname = '${schema}' order by 1`);
const schemas = () => column(home, `select nspname::text from pg_namespace where nspname !~ '^pg_' order by 1`);
const history = () => column(home, `select plugin || ' ' || name from kernel.migrations order by 1`);

const books = plugin('books', {
  tables: { books: { tenant: 'school_id' } },
  migrations: [
    sql('0001_books', 'create table books (school_id uuid, title text); create view titles as select title from books'),
  ],
  exports: { views: ['titles'] },
});
const second = sql('0002_pages', 'alter table books add pages int');
const newBooks = { ...books, version: '1.1.0', migrations: [...(books.migrations ?? []), second] };

describe('migrating', () => {
  test('is rehearsed without any effect: no schema, no role, no history', async () => {
    const roles = `select rolname::text from pg_roles where rolname like 'ilearn\\_rehearsed%'`;
    const before = await schemas();
    const rehearsed = plugin('rehearsed', { tables: { t: none }, migrations: [sql('0001', 'create table t (a int)')] });
    const { applied } = await migrateOn(home, [rehearsed], { rehearse: true });
    expect(applied).toEqual({ kernel, rehearsed: ['0001'] });
    expect(await schemas()).toEqual(before);
    expect(await column(home, roles)).toEqual([]);
  });

  test('applies new migrations once, each plugin’s in its own schema', async () => {
    expect((await migrateOn(home, [books])).applied).toEqual({ kernel, books: ['0001_books'] });
    expect((await migrateOn(home, [books])).applied).toEqual({});
    expect((await migrateOn(home, [newBooks])).applied).toEqual({ books: ['0002_pages'] });
    expect(await history()).toEqual(['books 0001_books', 'books 0002_pages', ...kernel.map((name) => `kernel ${name}`)]);
    expect(await tables('books')).toEqual(['books']);
    expect(await column(home, `select tableowner::text from pg_tables where schemaname = 'books'`)).toEqual([
      'ilearn_books__owner',
    ]);
  });

  test('an older version beside a newer database starts and does not change it', async () => {
    const { applied, newer } = await migrateOn(home, [books]);
    expect(applied).toEqual({});
    expect(newer).toEqual({ books: ['0002_pages'] });
    // Also when the newer version has a table of which the older one knows nothing.
    const loans = sql('0003_loans', 'create table loans (school_id uuid)');
    const newest = {
      ...newBooks,
      version: '1.2.0',
      tables: { ...books.tables, loans: { tenant: 'school_id' } },
      migrations: [...newBooks.migrations, loans],
    };
    await migrateOn(home, [newest]);
    const old = portalOn(home, [books]);
    expect((await old.migrate()).newer).toEqual({ books: ['0002_pages', '0003_loans'] });
    await old.prepare();
    await old.work('books', ({ knex }) => knex('books').insert({ school_id: north, title: 'Kaas' }));
    expect(await old.work('books', ({ knex }) => knex('titles').pluck('title'))).toEqual(['Kaas']);
    expect(await column(home, `select policyname::text from pg_policies where tablename = 'loans'`)).toHaveLength(4);
  });

  test('a migration that was changed after it was applied is refused', async () => {
    const changed = { ...books, migrations: [sql('0001_books', 'create table books (school_id uuid, title text, isbn text)')] };
    expect(await refusalOf(migrateOn(home, [changed]))).toBe(`The portal does not start: 1 fault.

  books › migrations.0001_books
    It was changed after it had been applied to this database.
    → Restore it, and add a new migration for the change.
`);
    const laidOut = {
      ...books,
      migrations: [sql('0001_books', `${books.migrations?.[0]?.up}`.replace(';', ' ;\n\n  ').replace(' ;', ';'))],
    };
    expect((await migrateOn(home, [laidOut])).applied).toEqual({});
  });

  test('a failing one stores nothing of its plugin, and the others are stored', async () => {
    const before = [await schemas(), await history()] as const;
    const fine = plugin('fine', { tables: { t: none }, migrations: [sql('0001', 'create table t (a int)')] });
    const broken = plugin('broken', {
      tables: { t: none },
      migrations: [
        sql('0001', 'create table t (a int)'),
        sql('0002', 'alter table t\n  add b int;\nalter table nowhere\n  add c int'),
      ],
    });
    const onTop = plugin('on-top', {
      requires: { broken: '^1.0.0' },
      migrations: [sql('0001', 'create view v as select * from nothing')],
    });
    const alsoBroken = plugin('also-broken', {
      migrations: [{ name: '0001', up: (knex) => knex.raw('select 1 / 0'), down: '' }],
    });
    expect(
      await refusalOf(migrateOn(home, [broken, fine, onTop, alsoBroken, newBooks])),
    ).toBe(`The portal does not start: 2 faults.

  broken › migrations.0002
    It failed: relation "nowhere" does not exist
    → Fix the migration; nothing was stored.

  also-broken › migrations.0001
    It failed: select 1 / 0 - division by zero
    → Fix the migration; nothing was stored.
`);
    expect([await schemas(), await history()]).toEqual([[...before[0], 'fine'].sort(), [...before[1], 'fine 0001'].sort()]);
    expect((await migrateOn(home, [fine])).applied).toEqual({});
  });

  test('a column that policies read is replaced with cascade, and the kernel makes the policies again', async () => {
    const trips = plugin('trips', {
      tables: { trips: { tenant: 'school_id' } },
      migrations: [sql('0001', 'create table trips (school_id uuid, name text)')],
    });
    await migrateOn(home, [trips]);
    const renewed = (drop: string) =>
      plugin('trips', {
        tables: { trips: { tenant: 'school_ids' } },
        migrations: [
          ...(trips.migrations ?? []),
          sql('0002', `alter table trips add school_ids uuid[] not null default '{}'; alter table trips drop ${drop}`),
        ],
      });
    const refusal = await refusalOf(migrateOn(home, [renewed('school_id')]));
    expect(refusal).toMatch(
      /column school_id of table trips because other objects depend on it\n +→ Add cascade if only the policies/,
    );
    await migrateOn(home, [renewed('school_id cascade')]);
    const policies = await column(home, `select concat(qual, with_check) from pg_policies where schemaname = 'trips'`);
    expect(policies.length).toBeGreaterThan(0);
    for (const policy of policies) expect(policy).toContain('school_ids');
  });

  test('a syntax error is reported with its line', async () => {
    const typo = plugin('typo', { migrations: [sql('0001', 'create table t (a int);\n\ncreat table u (a int)')] });
    expect(await refusalOf(migrateOn(home, [typo]))).toContain('It failed at line 3: syntax error at or near "creat"');
  });

  test('a migration in code gets a knex whose transactions are part of the migration', async () => {
    const up = async (knex: any) => {
      await knex.schema.createTable('counters', (table: any) => table.integer('count'));
      await knex.transaction((trx: any) => trx('counters').insert({ count: 1 }));
      await knex
        .transaction(async (trx: any) => {
          await trx('counters').insert({ count: 2 });
          throw new Error('not this one');
        })
        .catch(() => {});
      if ((await knex('counters')).length !== 1) throw new Error('the second was not undone');
    };
    const counters = plugin('counters', { tables: { counters: none }, migrations: [{ name: '0001', up, down: '' }] });
    await migrateOn(home, [counters]);
    expect(await column(home, 'select count from counters.counters')).toEqual([1]);

    const undone = plugin('undone', {
      tables: { t: none },
      migrations: [
        {
          name: '0001',
          up: (knex) => knex.transaction((trx) => trx.raw('create table t (a int)')).then(() => knex.raw('selec')),
          down: '',
        },
      ],
    });
    await refusalOf(migrateOn(home, [undone]));
    expect(await schemas()).not.toContain('undone');
  });

  test('two portals that migrate at once do it only once', async () => {
    const shelves = plugin('shelves', {
      tables: { shelves: none },
      migrations: [sql('0001', 'create table shelves (a int)'), sql('0002', 'insert into shelves values (1)')],
    });
    // On the embedded database the second waits for the one connection, on PostgreSQL for the lock.
    const reports = await Promise.all([1, 2, 3].map(() => migrateOn(home, [shelves])));
    expect(reports.map(({ applied }) => applied['shelves']).filter((each) => each !== undefined)).toEqual([['0001', '0002']]);
    expect(await column(home, 'select a from shelves.shelves')).toEqual([1]);
  });
});

describe('a migration that would leave its transaction, its role or its schema', () => {
  const attempt = async (up: string | ((knex: any) => Promise<unknown>)) => {
    const escaping = plugin('escaping', { tables: { t: none }, migrations: [{ name: '0001', up, down: '' }] });
    const refusal = await refusalOf(migrateOn(home, [escaping]));
    expect(await schemas()).not.toContain('escaping');
    return refusal;
  };
  const table = 'create table t (a int);';

  test.each([
    `${table} commit; create table kernel.t (a int)`,
    `${table} end; create table kernel.t (a int)`,
    `${table} /* ; */ COMMIT`,
    `${table} -- that is all\ncommit`,
    `begin; ${table}`,
    `${table} rollback`,
    `${table} set role none`,
    `${table} set local role none`,
    `${table} set session authorization default`,
    `${table} reset role`,
    `${table} select set_config('role', 'none', true)`,
    `${table} set local ilearn.all_tenants = 'off'`,
    `${table} do $$ begin set local role none; create table kernel.t (a int); end $$`,
    `${table} do $$ begin execute 'set local role ' || 'none'; end $$`,
    `${table} do $x$ begin perform set_config('role', 'none', true); end $x$`,
    `${table} create function f() returns int language plpgsql as $$ begin reset role; return 1; end $$; select f()`,
    `${table} create or replace function f() returns int language sql set role = none as $$ select 1 $$`,
    `${table} do E'begin \\x73et local role none; end'`,
    `${table} create schema extra`,
    `${table} create role intruder`,
    `${table} alter role ilearn_books__owner superuser`,
    `${table} copy kernel.sessions to program 'id'`,
  ])('is refused: %s', async (up) => {
    expect(await attempt(up)).toMatch(/escaping › migrations.0001\n {4}".*" would leave the transaction or the role/);
  });

  test.each([['commit'], ['set role none'], ['rollback'], ['select 1; end']])('is refused as code: %s', async (text) => {
    const up = async (knex: any) => {
      await knex.raw('create table t (a int)');
      await knex.raw(text);
    };
    expect(await attempt(up)).toMatch(/" would leave the transaction or the role/);
  });

  test.each([
    ['create table kernel.t (a int)', 'permission denied for schema kernel'],
    ['create table public.t (a int)', 'permission denied for schema public'],
    ['create table books.t (a int)', 'permission denied for schema books'],
    ['create view v as select * from books.books', 'permission denied for schema books'],
    ['create extension pg_trgm', 'xtension'],
  ])('is denied: %s', async (up, cause) => {
    expect(await attempt(`${table} ${up}`)).toContain(cause);
  });

  test('similar words that are harmless are allowed', async () => {
    const fine = plugin('lookalike', {
      tables: { people: none },
      migrations: [
        sql(
          '0001',
          `create table people (role text, note text default 'commit; set role none');
           -- commit
           /* begin; /* reset role */ end; */
           insert into people values ('pupil', $$ rollback; $$), ('it''s; end;', E'\\'; reset role;');
           update people set role = 'teacher';
           create function touch() returns trigger language plpgsql set search_path = lookalike as $body$
             begin
               if new.role is null then new.role := 'execute'; end if; -- execute
               update people set role = new.role where false;
               return new;
             end
           $body$;
           create trigger touch before insert on people for each row execute function touch();
           do $$ begin insert into people values ('pupil', null); end $$;`,
        ),
      ],
    });
    await migrateOn(home, [fine]);
    expect(await column(home, 'select count(*)::int from lookalike.people')).toEqual([3]);
  });
});
