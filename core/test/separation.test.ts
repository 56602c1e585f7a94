import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { north, south, value, within } from './support/fixtures.js';
import { alpha, beta, stranger } from './support/notes.js';

let portal: TestPlatform;
const asBeta = <T>(fn: (services: any) => Promise<T>) => portal.work('beta', fn);
const sql = (text: string) => asBeta(({ knex }) => knex.raw(text));
const user = () => asBeta(({ knex }) => value(knex.raw('select current_user')));

beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [beta, stranger, alpha] });
  await portal.work('alpha', ({ notes }) => notes.add(north, 'geheim van noord'));
  await portal.work('alpha', ({ notes }) => notes.add(south, 'geheim van zuid'));
});
afterAll(() => portal?.stop());

describe('a plugin that tries to leave its role', () => {
  test.each([
    'set role none',
    'SET LOCAL ROLE "ilearn_alpha"',
    'reset role',
    'reset all',
    'set session authorization default',
    "set local ilearn.all_tenants = 'on'",
    "set ilearn.tenants = 'x'",
    '-- a note\nreset role',
    '-- a note\rreset role',
    '/* a note */ reset role',
    '/* a /* nested */ note */ reset role',
    '/* /* */ -- */ reset role --\n',
    ';;reset role',
    'commit',
    'COMMIT AND CHAIN',
    'end',
    'abort',
    'rollback',
    'rollback work',
    'begin',
    'start transaction',
    "prepare transaction 'x'",
    'prepare q as select 1',
    'execute q',
    'discard all',
    'declare c cursor with hold for select 1',
    'do $$ begin reset role; end $$',
    'call anything()',
    "copy marks to program 'id'",
    'create function f() returns int language sql as $$ select 1 $$',
    'create temporary table t (a int)',
    'drop table marks',
    'alter table marks disable row level security',
    'grant select on marks to public',
    'listen x',
    'vacuum',
    "load 'plpgsql'",
    'security label on table marks is null',
  ])('is refused: %s', async (text) => {
    await expect(sql(text)).rejects.toThrow(/beta: only the kernel may run ".*"/s);
  });

  test.each([
    "select set_config('role', 'none', true)",
    "select pg_catalog.\"set_config\"('role', 'none', true)",
    "with x as (select SET_CONFIG('ilearn.all_tenants', 'on', true)) select * from x",
    "select U&\"set\\005fconfig\"('role', 'none', true)",
    "select query_to_xml('select set_' || 'config(''role'', ''none'', true)', true, true, '')",
    "select * from ts_stat('select to_tsvector(set_' || 'config(''role'', ''none'', true))')",
    "select ts_rewrite('a'::tsquery, 'select to_tsquery(set_' || 'config(''role'', ''none'', true)), ''a''')",
    'select pg_advisory_lock(1)',
    'select pg_try_advisory_lock(1)',
    'select pg_advisory_xact_lock(1)',
  ])('has no function for it: %s', async (text) => {
    await expect(sql(text)).rejects.toThrow(/beta: .* is not open to plugins/s);
  });

  test('still has its own role afterwards', async () => {
    expect(await user()).toBe('ilearn_beta');
  });

  test('is refused a second statement after the first', async () => {
    await expect(sql('select 1; reset role')).rejects.toThrow('cannot insert multiple commands');
    await expect(sql("insert into marks values ('x'); commit")).rejects.toThrow('cannot insert multiple commands');
  });

  test('similar words that are harmless are allowed', async () => {
    const texts = await asBeta(async ({ knex, unitOfWork }) => {
      await knex.raw("insert into marks values ('reset role'), ('; commit')");
      await knex.raw("update marks set text = 'set' where text = ?", ['; commit']);
      await unitOfWork.savepoint(async () => knex('marks').where({ text: 'set' }).delete());
      await knex.raw('/* set role */ select 1 -- commit');
      const found = await knex('marks').pluck('text');
      await knex('marks').delete();
      return found;
    });
    expect(texts).toEqual(['reset role']);
  });
});

describe('a plugin that accesses another’s data', () => {
  test.each([
    'select * from alpha.notes',
    'table alpha.notes',
    'with x as (select * from alpha.notes) select * from x',
    'with x as (delete from alpha.notes returning *) select * from x',
    "insert into alpha.notes (school_id, text) values (gen_random_uuid(), 'x')",
    "update alpha.notes set text = 'x'",
    'delete from alpha.notes',
    'merge into alpha.notes using (select 1) x on true when matched then delete',
    'lock table alpha.notes',
    'truncate alpha.notes',
    'explain analyze select * from alpha.notes',
    'select * from alpha.raw_notes',
    "update alpha.note_texts set text = 'x'",
    "select table_to_xml('alpha.notes', true, true, '')",
    "select nextval('alpha.notes_id_seq')",
    "select pg_read_file('/etc/passwd')",
    "select pg_ls_dir('.')",
    "select lo_import('/etc/passwd')",
    'select * from pg_authid',
    'select pg_reload_conf()',
    'select * from kernel.sessions',
    'select * from kernel.secrets',
    'select * from kernel.messages',
    'select * from kernel.role_grants',
    'select * from kernel.migrations',
    'lock table kernel.sessions',
    "insert into kernel.role_grants values (gen_random_uuid(), null, 'portal-administrator')",
  ])('is denied: %s', async (text) => {
    await expect(sql(text)).rejects.toThrow('permission denied');
  });

  test('sees nothing of the statements of others', async () => {
    await expect(sql("select query from pg_stat_activity where query not like '<insuff%'")).rejects.toThrow('permission denied');
  });

  test('reads an exported view, if it requires the exporter', async () => {
    const read = ({ knex }: any) => knex.withSchema('alpha').from('note_texts').pluck('text');
    expect(await within(portal, 'beta', '*', read)).toHaveLength(2);
    await expect(within(portal, 'stranger', '*', read)).rejects.toThrow('permission denied');
    // The exporter itself reads also what it does not export.
    expect(await portal.work('alpha', ({ knex }) => knex('raw_notes').count())).toEqual([{ count: '2' }]);
  });

  test('reads through an exported view only the tenants of its caller', async () => {
    const read = ({ knex }: any) => knex.withSchema('alpha').from('note_texts').pluck('text');
    expect(await within(portal, 'beta', [south], read)).toEqual(['geheim van zuid']);
    expect(await within(portal, 'beta', [], read)).toEqual([]);
  });

  test('uses an exported service, which runs as its owner', async () => {
    const texts = await within(portal, 'beta', [north], ({ alpha }) => alpha.notes.texts());
    expect(texts).toEqual(['geheim van noord']);
    expect(await asBeta(({ alpha }) => alpha.notes.user())).toBe('ilearn_alpha');
  });

  test('gets the methods of an exported service and no internals', async () => {
    await asBeta(async ({ alpha }) => {
      const { notes } = alpha;
      expect(notes.knex).toBeUndefined();
      expect(notes.constructor).toBeUndefined();
      expect(Object.getPrototypeOf(notes)).toBeNull();
      expect(Object.keys(notes).sort()).toEqual(['add', 'each', 'fail', 'query', 'texts', 'user']);
      expect(() => Object.assign(notes, { texts: () => [] })).toThrow(TypeError);
      expect(await notes.add.call({}, north, 'x')).toBeUndefined();
      expect(() => alpha.drafts).toThrow('alpha does not export "drafts"; it exports notes.');
      expect(() => alpha.knex).toThrow('does not export "knex"');
    });
    await portal.work('alpha', ({ knex }) => knex('notes').where({ text: 'x' }).delete());
  });

  test('gets the rows of a query, never the query object', async () => {
    await asBeta(async ({ alpha }) => {
      const answer = alpha.notes.query();
      expect(Object.getPrototypeOf(answer)).toBe(Promise.prototype);
      expect(answer.from).toBeUndefined();
      expect(await answer).toHaveLength(2);
    });
  });
});
