import { readFileSync } from 'node:fs';
import type { PluginDefinition, TableDeclaration } from '@ilearn/core';
import { createTestPlatform, openTestHome, type TestPlatform } from '@ilearn/core/testing';
import { strFromU8 } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readableRegister } from '../dist/privacy/register/readable-register.js';
import { registerPage } from '../dist/privacy/register/register-page.js';
import { diary, photos } from './support/diary.js';
import { exportOf } from './support/exports.js';
import { bram, lotte, none, north, plugin, sql } from './support/fixtures.js';
import { migrateOn, refusalOf, type TestHome } from './support/portal.js';

describe('a table’s declaration', () => {
  let home: TestHome;
  beforeAll(async () => {
    home = await openTestHome();
  });
  afterAll(() => home?.close());

  const people = (over: Partial<TableDeclaration> = {}): TableDeclaration => ({
    tenant: { none: 'a test' },
    people: { pupil_id: 'subject' },
    keep: 'P1Y',
    erase: 'delete',
    purpose: 'safe-environment',
    use: 'a test',
    ...over,
  });
  const refused = (tables: Record<string, TableDeclaration>, up: string) =>
    refusalOf(migrateOn(home, [plugin('hostile', { tables, migrations: [sql('0001', up)] })]));
  const moment = 'updated_at timestamptz not null default now()';

  test.each([
    [
      'a person beside the declared one',
      { t: people() },
      `create table t (pupil_id uuid, helper_teacher_ids uuid[], ${moment})`,
      'The column "helper_teacher_ids" looks like a person\'s id and is not declared.',
    ],
    [
      'whoever made the row',
      { t: none },
      'create table t (created_by uuid)',
      'The column "created_by" looks like a person\'s id and is not declared.',
    ],
    [
      'a person by a foreign key under another name',
      { t: people(), u: none },
      `create table t (pupil_id uuid primary key, ${moment}); create table u (about uuid references t on delete cascade)`,
      'The column "about" refers to t.pupil_id, which contains a person\'s id, and is not declared.',
    ],
    [
      'JSON in a table of nobody',
      { t: none },
      'create table t (blob jsonb)',
      'The column "blob" holds JSON, which may name anyone, and is kept when a person is erased.',
    ],
    [
      'JSON in a row that stays',
      { t: people({ erase: 'anonymise' }) },
      `create table t (pupil_id uuid, snapshot json, ${moment})`,
      'The column "snapshot" holds JSON, which may name anyone, and is kept when a person is erased.',
    ],
    [
      'a name in a row that stays',
      { t: people({ erase: 'anonymise' }) },
      `create table t (pupil_id uuid, display_name text, ${moment})`,
      'The column "display_name" identifies a person and is kept when a row is anonymised.',
    ],
    [
      'a person in a form that cannot be found',
      { t: people() },
      `create table t (pupil_id jsonb, ${moment})`,
      'The column "pupil_id" is jsonb, in which the kernel cannot find a person.',
    ],
    [
      'an anonymising that a foreign key forbids',
      { p: people(), t: people({ erase: 'anonymise' }) },
      `create table p (pupil_id uuid primary key, ${moment}); create table t (pupil_id uuid not null references p, ${moment})`,
      'The column "pupil_id" cannot be anonymised: it may not be null and refers to another table.',
    ],
    [
      'a deletion that another table forbids',
      { t: people(), u: none },
      `create table t (id int primary key, pupil_id uuid, ${moment}); create table u (t_id int references t)`,
      'Erasing a person deletes rows of t, but u refers to them and prevents that.',
    ],
    [
      'emptying what may not be empty',
      { t: people({ erase: 'anonymise', clear: ['grade'] }) },
      `create table t (pupil_id uuid, grade int not null, ${moment})`,
      'The column "grade" cannot be emptied: it may be neither null nor empty, or PostgreSQL computes it.',
    ],
    [
      'an age that nobody keeps',
      { t: people() },
      'create table t (pupil_id uuid)',
      'Its rows are kept for a time after "updated_at", which is not a column of it.',
    ],
    [
      'an age that is none',
      { t: people({ keep: { for: 'P1Y', since: 'age' } }) },
      'create table t (pupil_id uuid, age int)',
      'Its rows are kept for a time after "age", which is integer, not a timestamp.',
    ],
    [
      'a keeping with what does not take it along',
      { t: people({ keep: { with: 'u' } }), u: none },
      'create table u (id int primary key); create table t (pupil_id uuid, u_id int references u)',
      'It is kept as long as its row in u, but does not refer to it with "on delete cascade".',
    ],
  ])('that omits or sets %s is refused', async (_, tables, up, message) => {
    expect(await refused(tables as Record<string, TableDeclaration>, up)).toContain(message);
  });

  test('has a rule for each of its columns, or for none', async () => {
    const tables = { t: people({ people: { pupil_id: 'subject', coach_id: 'author' }, erase: { pupil_id: 'delete' } }) };
    expect(await refused(tables, `create table t (pupil_id uuid, coach_id uuid, ${moment})`)).toContain(
      'It has a rule for each column, but people and erase do not list the same columns: coach_id.',
    );
  });
});

describe('a person’s export', () => {
  let portal: TestPlatform;
  const leaky: PluginDefinition = plugin('leaky', {
    privileges: ['privacy'],
    privacy: {
      export: async ({ personId }) => (personId === bram ? { files: { '../../evil.sh': new Uint8Array() } } : {}),
    },
  });
  beforeAll(async () => {
    portal = await createTestPlatform({ plugins: [diary, leaky] });
  });
  afterAll(() => portal?.stop());
  const exported = (person: string, language: 'nl' | 'en' | 'fr' = 'nl') => exportOf(portal, person, language);

  test('contains every row that names them, including those in lists, without withheld columns, and the files of hooks', async () => {
    photos.set(lotte, new Uint8Array([255, 216]));
    await portal.work('diary', async ({ knex }) => {
      await knex('pages').insert({ school_id: north, pupil_id: lotte, text: '<script>alert(1)</script>' });
      await knex('pages').insert({ school_id: north, pupil_id: bram, text: 'not hers' });
      await knex('clubs').insert({ name: 'both', member_ids: [bram, lotte], founder: bram, passphrase: 'sesame' });
    });
    const files = await exported(lotte, 'en');
    expect(Object.keys(files).sort()).toEqual(['diary/photos/me.jpg', 'export.html', 'export.json']);
    expect([...(files['diary/photos/me.jpg'] as Uint8Array)]).toEqual([255, 216]);
    const text = strFromU8(files['export.json'] as Uint8Array);
    const own = JSON.parse(text).plugins.find(({ id }: any) => id === 'diary');
    expect(own).toMatchObject({
      data: { photos: 1 },
      files: ['diary/photos/me.jpg'],
      tables: [
        { table: 'pages', relations: ['subject', 'contact'], rows: [{ text: '<script>alert(1)</script>' }] },
        { table: 'clubs', rows: [{ name: 'both' }], withheld: { passphrase: 'a secret of the club' } },
      ],
    });
    expect(text).not.toMatch(/not hers|sesame/);
    const page = strFromU8(files['export.html'] as Uint8Array);
    expect(page).toContain('<html lang="en">');
    expect(page).toContain('What the portal knows about you');
    expect(page).toContain('&lt;script&gt;');
    expect(page).not.toContain('<script');
  });

  test('fails as a whole, naming the plugin, if a hook would write outside it', async () => {
    await expect(exported(bram)).rejects.toThrow('leaky: the export hook returns a file without a valid name');
    await expect(exported("x' or true")).rejects.toThrow("a person's id is a UUID");
  });

  test('is available to the person alone, and to plugins with the privilege, which is recorded', async () => {
    expect((await portal.client().get('/api/kernel/privacy/export')).status).toBe(401);
    expect((await portal.client().post('/api/kernel/privacy/export')).status).toBe(401);
    expect(await portal.work('leaky', ({ privacy }) => privacy.export(lotte))).toMatchObject({ state: 'waiting' });
    await expect(portal.work('diary', async (services) => services.privacy)).rejects.toThrow("Add 'privacy' to privileges");
    const { rows } = await (await portal.platform.home()).pool.query(
      `select actor_kind from kernel.audit_entries where route = 'leaky: export'`,
    );
    expect(rows).toEqual([{ actor_kind: 'system' }]);
  });

  test('an erasure requested by a plugin begins once its unit of work commits', async () => {
    const asked = await portal.work('leaky', ({ privacy }) => privacy.erase(lotte));
    expect(asked.state).toBe('running');
    let status = asked;
    while (status.state === 'running') {
      status = await portal.work('leaky', ({ privacy }) => privacy.status(asked.id));
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(status).toMatchObject({ state: 'done', failure: null });
    await expect(
      portal.work('leaky', async ({ privacy }) => {
        await privacy.erase(bram);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    const { rows } = await (await portal.platform.home()).pool.query('select from kernel.erasures where person_id = $1', [bram]);
    expect(rows).toEqual([]);
  });

  test('the register describes the purpose of each table, in each language', async () => {
    const { register, plugins } = await portal.platform.runner.run({}, ({ unit }) => portal.platform.privacy.register(unit));
    const own = register.plugins.find(({ id }) => id === 'diary');
    expect(own?.tables).toEqual([
      {
        table: 'pages',
        purpose: 'safe-environment',
        use: 'writing down how the day was',
        people: { pupil_id: 'subject', read_by: 'contact' },
        data: ['id', 'school_id', 'text', 'remark', 'updated_at'],
        keep: 'P1Y',
        erase: { pupil_id: 'delete', read_by: 'anonymise' },
        tenants: 'school_id',
        recipients: [],
      },
      {
        table: 'clubs',
        purpose: 'safe-environment',
        use: 'doing things together',
        people: { member_ids: 'subject', founder: 'author' },
        data: ['name', 'motto', 'passphrase', 'ended_on'],
        keep: { for: 'P2Y', since: 'ended_on' },
        erase: { member_ids: 'delete', founder: 'anonymise' },
        tenants: { none: 'a test' },
        recipients: ['the town library'],
      },
    ]);
    expect(register.plugins.map(({ id }) => id)).toEqual(['kernel', 'diary']);
    for (const [language, title] of [
      ['nl', 'Register van verwerkingsactiviteiten'],
      ['en', 'Record of processing activities'],
      ['fr', 'Registre des activités de traitement'],
    ] as const) {
      expect(registerPage(readableRegister(register, plugins, language), language)).toContain(`<h1>${title}</h1>`);
    }
    const rows = readableRegister(register, plugins, 'nl').parts.find(({ id }) => id === 'diary')?.rows;
    expect(rows?.map((row) => row.slice(4, 7))).toEqual([
      ['1 jaar na de laatste wijziging', 'leerling: gewist; read by: anoniem gemaakt', 'die in “school”'],
      ['2 jaar vanaf “ended on”', 'member ids: gewist; founder: anoniem gemaakt', 'a test'],
    ]);
  });
});

test('the kernel’s texts have the same keys in each language', () => {
  const keys = (value: object, prefix = ''): string[] =>
    Object.entries(value).flatMap(([key, each]) =>
      typeof each === 'string'
        ? [`${prefix}${key} ${(each.match(/\{\{\w+\}\}/g) ?? []).sort()}`]
        : keys(each, `${prefix}${key}.`),
    );
  const read = (language: string) =>
    keys(JSON.parse(readFileSync(new URL(`../messages/privacy/${language}.json`, import.meta.url), 'utf8'))).sort();
  expect(read('en')).toEqual(read('nl'));
  expect(read('fr')).toEqual(read('nl'));
});
