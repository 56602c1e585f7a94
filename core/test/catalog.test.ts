import { openTestHome } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { none, north, plugin, south, sql } from './support/fixtures.js';
import { column, migrateOn, portalOn, refusalOf, type TestHome } from './support/portal.js';

let home: TestHome;
beforeAll(async () => {
  home = await openTestHome();
});
afterAll(() => home?.close());

const schemas = () => column(home, `select nspname::text from pg_namespace where nspname !~ '^pg_' order by 1`);

const books = plugin('books', {
  tables: { books: { tenant: 'school_id' } },
  migrations: [
    sql('0001_books', 'create table books (school_id uuid, title text); create view titles as select title from books'),
  ],
  exports: { views: ['titles'] },
});

test('everything undeclared is refused in one report', async () => {
  const careless = plugin('careless', {
    tables: {
      grades: {
        tenant: 'school_id',
        people: { pupil_id: 'subject', gone_id: 'author' },
        keep: 'P1Y',
        erase: 'delete',
        purpose: 'safe-environment',
        use: 'a test',
      },
      contacts: none,
      ghosts: none,
      wrong: { tenant: 'school_id' },
    },
    exports: { views: ['missing_view', 'grades'] },
    migrations: [
      sql(
        '0001',
        `create table grades (school_id uuid, pupil_id uuid, teacher_id uuid, updated_at timestamptz);
         create table contacts (email text);
         create table hidden (a int);
         create table wrong (a int);
         create materialized view heap as select 1 as a;
         create function leak() returns int language sql security definer as $$ select 1 $$;
         create function wide() returns int language sql set work_mem = '1MB' as $$ select 1 $$;
         create policy open on grades using (true);
         grant select on grades to public;
         grant update (email) on contacts to ilearn_books`,
      ),
    ],
  });
  const report = await refusalOf(migrateOn(home, [books, careless]));
  for (const line of [
    'The migrations create the table "hidden", which the manifest does not declare.',
    'The manifest declares the table "ghosts", which no migration creates.',
    'It declares the column "gone_id", which does not exist.',
    'The column "teacher_id" looks like a person\'s id and is not declared.',
    'The column "email" identifies a person, but the table names no column with a person\'s id.',
    'Its tenant column "school_id" does not exist.',
    'Materialized views and foreign tables cannot carry row-level security.',
    'It exports the view "missing_view", which no migration creates.',
    'It exports the view "grades", which no migration creates.',
    'The function leak is "security definer" and would bypass row-level security.',
    'The function wide has "set work_mem=1MB", which could leave its role or its tenants.',
    'The policy open would show more rows than the tenant rule: one policy that allows a row is enough.',
    'public was granted SELECT on grades.',
    'ilearn_books was granted UPDATE on contacts.',
  ]) {
    expect(report).toContain(line);
  }
  expect(report).toContain('The portal does not start: 14 faults.');
  expect(await schemas()).not.toContain('careless');
});

test('a foreign key may not leave the schema', async () => {
  const parents = plugin('parents', {
    tables: { parents: none },
    // Made so by hand: no plugin's role may refer to another's table by itself.
    migrations: [sql('0001', 'create table parents (id int primary key)')],
  });
  const reader = { ...books, requires: { parents: '^1.0.0' } };
  await migrateOn(home, [parents, reader]);
  await home.pool.query(
    `grant usage on schema parents to ilearn_books__owner; grant references on parents.parents to ilearn_books__owner`,
  );
  const tied = sql('0002', 'alter table books add parent_id int references parents.parents');
  const report = await refusalOf(migrateOn(home, [parents, { ...reader, migrations: [...(books.migrations ?? []), tied] }]));
  expect(report).toContain("The foreign key books_parent_id_fkey points to parents.parents, outside the plugin's schema.");
});

test('a changed declaration changes the policies', async () => {
  const declared = (tenant: any) =>
    plugin('changing', { tables: { rows: { tenant } }, migrations: [sql('0001', 'create table rows (school_id uuid)')] });
  const seenFromNorth = async (tenant: any) => {
    const portal = portalOn(home, [declared(tenant)]);
    await portal.migrate();
    await portal.prepare();
    const principal = { kind: 'person', id: null, roles: [], tenants: [north] } as const;
    return portal.runner.run({ principal }, async (frame) => {
      const { knex } = portal.runner.cradleOf('changing', frame) as any;
      return (await knex('rows')).length;
    });
  };
  expect(await seenFromNorth({ none: 'not yet' })).toBe(0);
  await home.pool.query('insert into changing.rows values ($1), ($2), (null)', [north, south]);
  expect(await seenFromNorth({ none: 'not yet' })).toBe(3);
  expect(await seenFromNorth('school_id')).toBe(1);
  expect(await seenFromNorth({ column: 'school_id', nullMeansShared: true })).toBe(2);
  expect(await seenFromNorth({ none: 'no more' })).toBe(3);
});

test('an exported view may be created again and stays readable for its readers, but not for a plugin that no longer requires it', async () => {
  const reader = plugin('reader', { requires: { shop: '^1.0.0' } });
  const first = sql('0001', 'create table wares (name text); create view names as select name from wares');
  const again = sql('0002', 'drop view names; create view names as select upper(name) as name from wares');
  const shop = (migrations: any[]) => plugin('shop', { tables: { wares: none }, exports: { views: ['names'] }, migrations });
  const mayRead = () => column(home, `select has_table_privilege('ilearn_reader', 'shop.names', 'select')`);
  await migrateOn(home, [shop([first]), reader]);
  expect(await mayRead()).toEqual([true]);
  await migrateOn(home, [shop([first, again]), reader]);
  expect(await mayRead()).toEqual([true]);
  await migrateOn(home, [shop([first, again]), { ...reader, requires: {} }]);
  expect(await mayRead()).toEqual([false]);
});
