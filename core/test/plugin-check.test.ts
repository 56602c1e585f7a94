import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginDefinition } from '@ilearn/core';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { checkConformance } from '../dist/authoring/check/conformance.js';
import { type Finding, Findings, renderFindings } from '../dist/authoring/check/finding.js';
import { openScratchPortal } from '../dist/authoring/check/scratch-portal.js';
import { checkOwnData } from '../dist/authoring/check/separation.js';
import { loadSubject } from '../dist/authoring/check/subject.js';
import { main } from '../dist/cli/main.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'ilearn-check-'));
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
afterAll(() => rmSync(folder, { recursive: true }));

/** Writes a package and checks it. */
async function check(
  name: string,
  definition: string,
  more: Record<string, string> = {},
  manifest: object = {},
  seconds = 30,
): Promise<Finding[]> {
  const at = join(folder, name);
  const files: Record<string, string> = {
    'package.json': JSON.stringify({
      name,
      version: '1.0.0',
      type: 'module',
      exports: './index.js',
      files: ['*.js', 'messages'],
      ...manifest,
    }),
    'index.js': `import { definePlugin, nothing } from '@ilearn/core';\nimport { z } from 'zod';\nexport default definePlugin({ id: '${name}', version: '1.0.0', ${definition} });`,
    ...more,
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(at, file)), { recursive: true });
    writeFileSync(join(at, file), text);
  }
  const subject = await loadSubject(name, folder, seconds);
  const results = await checkConformance([subject], { browser: false, seconds });
  return results.get(subject)?.list ?? [];
}

/** What failed, each as `check: message`. */
const failures = (findings: readonly Finding[]) =>
  findings.filter(({ state }) => state === 'failed').map(({ check, message }) => `${check}: ${message}`);

const table = 'create table notes (id uuid primary key default gen_random_uuid(), school_id uuid not null, text text not null)';
const migration = `migrations: [{ name: '0001', up: '${table}', down: 'drop table notes' }]`;
const declared = "tables: { notes: { school: 'school_id' } }";
const list = (more: string) =>
  `routes: [{ method: 'GET', path: '/notes', summary: 'Notes', responses: { 200: z.array(z.object({ text: z.string() })) }, ${more} }]`;

describe('ilearn plugin check', () => {
  test('passes every plugin of this repository, and says of each what it could not judge', { timeout: 240_000 }, async () => {
    const folders = readdirSync(join(root, 'plugins')).map((name) => join(root, 'plugins', name));
    const subjects = await Promise.all(folders.map((each) => loadSubject(each, root)));
    const results = await checkConformance(subjects, { browser: false });
    for (const [{ definition }, { list }] of results) {
      expect(failures(list), `${definition.id}\n${renderFindings(list)}`).toEqual([]);
      expect(list.length).toBeGreaterThan(5);
    }
    // Rows were made up and seen at home, or the probe from elsewhere would prove nothing.
    const telling = [...results.values()].flatMap(({ list }) =>
      list.map(({ message }) => /(\d+) of them show rows at home/.exec(message)?.[1]),
    );
    expect(telling.reduce((sum, each) => sum + Number(each ?? 0), 0)).toBeGreaterThan(8);
  });

  test('finds what a package lacks and what it brings too much', async () => {
    const ui = "ui: { entry: new URL('./ui.mjs', import.meta.url), messages: new URL('./messages/', import.meta.url) }";
    const findings = await check(
      'packed',
      ui,
      {
        'ui.mjs':
          'globalThis.litHtmlVersions = []; import("https://cdn.example.com/x.js"); const a = \'<a href="https://school.example.org/">\';',
        'messages/nl.json': '{ "a": { "b": "B", "c_one": "1", "c_other": "2" }, "d": "" }',
        'messages/en.json': '{ "a": { "b": "B", "c_one": "1", "c_many": "2" }, "e": "E" }',
        'messages/fr.json': '{ "a": {} }',
      },
      { version: '1.1.0', dependencies: { zod: '^4.0.0' } },
    );
    expect(failures(findings)).toEqual([
      'package: npm would publish it without its ui.entry (ui.mjs).',
      'package: package.json says version 1.1.0, definePlugin 1.0.0.',
      'package: It brings its own zod.',
      'messages: nl.json has no text for e.',
      'messages: fr.json has no text for a.b, a.c, e.',
      'ui: lit is part of the built pages.',
      'ui: The built pages name cdn.example.com.',
    ]);
    for (const { state, mend } of findings) if (state === 'failed') expect(mend).toMatch(/\w/);
  });

  test('tells what keeps a plugin from starting, and that the rest was not checked', async () => {
    const findings = await check('undeclared', `${migration}, routes: [{ method: 'FETCH' }]`);
    expect(failures(findings)[0]).toMatch(/^contract: routes/);
    expect(findings.at(-1)).toMatchObject({ check: 'the rest', state: 'skipped' });
    expect(failures(await check('secretive', migration))).toEqual([
      'declarations: tables.notes: The migrations make the table "notes", which the manifest does not declare.',
    ]);
  });

  test('finds a table about people that has no words for them, in each language', async () => {
    const people = `tables: { diaries: { school: { none: 'a test' }, people: { person_id: 'subject' }, keep: 'P1Y', erase: 'delete', purpose: 'x' } },
      migrations: [{ name: '0001', up: 'create table diaries (person_id uuid, mood int, updated_at timestamptz not null)', down: 'drop table diaries' }]`;
    const words = "privacy: { messages: new URL('./messages/', import.meta.url) }";
    const texts = (diaries: object) => JSON.stringify({ privacy: { title: 'D', diaries } });
    const whole = { title: 'D', purpose: 'p', schools: 's', mood: 'm' };
    const files = {
      'messages/nl.json': texts(whole),
      'messages/en.json': texts({ ...whole, mood: '' }),
      'messages/fr.json': texts({ title: 'D' }),
    };
    expect(failures(await check('diaries', `${people}, ${words}`, files)).filter((each) => each.startsWith('privacy'))).toEqual([
      'privacy: en.json has no text for privacy.diaries.mood.',
      'privacy: fr.json has no text for privacy.diaries.purpose, privacy.diaries.schools, privacy.diaries.mood.',
    ]);
    expect(failures(await check('wordless', people))).toHaveLength(3);
  });

  test('takes migrations down and up again', async () => {
    const steps = (down: string) =>
      `tables: { notes: { school: { none: 'a test' } } }, migrations: [{ name: '0001', up: 'create table notes (id int default 1); create sequence counter', down: '${down}' }]`;
    expect(failures(await check('leftover', steps('drop table notes')))).toEqual([
      'migrations: Down leaves behind: sequence counter.',
    ]);
    expect(failures(await check('one-way', steps('drop table nodes')))).toEqual([
      expect.stringMatching(/^migrations: migrations\.0001 \(down\): .*"nodes" does not exist/),
    ]);
    expect(failures(await check('clean', steps('drop table notes; drop sequence counter')))).toEqual([]);
  });

  test('finds a route that shows one school’s rows to another, or to anyone', async () => {
    const read = 'handler: ({ services }) => services.knex("notes").select("text")';
    const leaky = "permissions: { read: ['teacher'] }, tables: { notes: { school: { none: 'a lie' } } }";
    expect(
      failures(
        await check(
          'sound',
          `permissions: { read: ['teacher'] }, ${declared}, ${migration}, ${list(`permission: 'read', ${read}`)}`,
        ),
      ),
    ).toEqual([]);
    // Declared as of no school: nothing to find, and that is said.
    const unjudged = await check('lying', `${leaky}, ${migration}, ${list(`permission: 'read', ${read}`)}`);
    expect(unjudged).toContainEqual(
      expect.objectContaining({ state: 'skipped', message: expect.stringContaining('GET /notes') }),
    );
    const acting = `handler: ({ services }) => services.actAs({ kind: 'system', id: null, roles: [], schools: '*' }, ({ knex }) => knex('notes').select('text'))`;
    const found = failures(
      await check('leaking', `privileges: ['actAs'], ${declared}, ${migration}, ${list(`permission: 'public', ${acting}`)}`),
    );
    expect(found).toEqual([
      'separation: GET /notes shows somebody of another school what one school has (/api/leaking/notes).',
      'separation: GET /notes shows anyone what one school has (/api/leaking/notes).',
    ]);
  });

  test('finds a route that fails on empty tables', async () => {
    const fragile = "handler: async ({ services }) => [{ text: (await services.knex('notes').first()).text }]";
    expect(failures(await check('fragile', `${declared}, ${migration}, ${list(`permission: 'public', ${fragile}`)}`))).toEqual([
      'answers: GET /api/fragile/notes fails (500) where there is nothing yet.',
    ]);
  });

  test('gives up on what never ends, says where that was, and goes on with the rest', async () => {
    const never = 'new Promise(() => {})';
    const route = (path: string, handler: string) =>
      `{ method: 'GET', path: '${path}', summary: 'A', permission: 'public', responses: { 200: z.array(z.object({ text: z.string() })) }, handler: ${handler} }`;
    const sound = await check(
      'patient',
      `${declared}, ${migration},
       jobs: { wait: { payload: z.object({}), handler: async ({ services }) => { await services.knex('notes'); await ${never}; } } },
       events: { said: z.object({}) },
       start: ({ work }) => work(({ jobs }) => jobs.enqueue('wait', {})),
       routes: [${route('/hangs', `async ({ services }) => { await services.knex('notes'); return ${never}; }`)},
         ${route('/works', '({ services }) => services.knex("notes").select("text")')}]`,
      {},
      {},
      1,
    );
    const told = failures(sound);
    expect(told.sort()).toEqual([
      'time: patient: GET /hangs did not end within 1 s.',
      'time: patient: job wait did not end within 1 s.',
    ]);
    expect(sound.find(({ check }) => check === 'time')?.mend).toMatch(/waits for/);
    // What hangs held the embedded database's one connection: the route after it was answered all the same.
    expect(sound).toContainEqual(
      expect.objectContaining({ check: 'answers', state: 'passed', message: expect.stringMatching(/^[1-9]/) }),
    );

    const starting = await check('starting', `start: () => ${never}`, {}, {}, 1);
    expect(failures(starting)).toEqual(['contract: start: start() of starting did not end within 1 seconds.']);
    const migrating = `migrations: [{ name: '0001', up: () => ${never}, down: '' }]`;
    expect(failures(await check('migrating', migrating, {}, {}, 1))).toEqual([
      'migrations: migrations.0001: It failed: Did not end within 1 s',
    ]);
    const ending = await check('ending', `start: async () => () => ${never}`, {}, {}, 1);
    expect(failures(ending)).toEqual([]);
    await expect(check('importing', `start() {} }); await ${never}; ({`, {}, {}, 1)).rejects.toThrow(
      'it is not loaded after 1 s; look for an await',
    );
  });

  test('finds a right on what is another plugin’s, and a statement that is not refused', async () => {
    const definition = (id: string): PluginDefinition => ({
      id,
      version: '1.0.0',
      tables: { notes: { school: { none: 'a test' } } },
      migrations: [{ name: '0001', up: 'create table notes (text text)', down: 'drop table notes' }],
    });
    const portal = await openScratchPortal([definition('taker'), definition('owner')], { uiFolder: null });
    try {
      const subject = { folder, manifest: { name: 'taker', version: '1.0.0' }, definition: definition('taker') };
      const before = new Findings();
      await checkOwnData(subject, portal, before);
      expect(failures(before.list)).toEqual([]);
      const { pool } = await portal.platform.platform.home();
      await pool.query('grant usage on schema owner to ilearn_taker');
      await pool.query('grant select on owner.notes to ilearn_taker');
      const after = new Findings();
      await checkOwnData(subject, portal, after);
      expect(failures(after.list)).toEqual([
        'own data: Its role ilearn_taker has rights on owner.notes.',
        'own data: A statement of its own on owner.notes was not refused.',
      ]);
    } finally {
      await portal.stop();
    }
  });

  test('finds two routes that the OpenAPI document cannot tell apart', async () => {
    const route = (path: string) =>
      `{ method: 'GET', path: '${path}', summary: 'A', permission: 'public', responses: { 200: z.object({}) }, handler: () => ({}) }`;
    expect(failures(await check('alike', `routes: [${route('/a/b')}, ${route('/a-b')}]`))).toEqual([
      'openapi: Two routes are "alike-get-a-b" in the document.',
    ]);
  });

  test('tells by its exit code, and as JSON where it is asked to', async () => {
    const told: string[] = [];
    const log = vi.spyOn(console, 'log').mockImplementation((line: string) => void told.push(line));
    const error = vi.spyOn(console, 'error').mockImplementation((line: string) => void told.push(line));
    try {
      expect(await main(['plugin', 'check', 'nowhere'], folder)).toBe(2);
      expect(told.pop()).toContain(
        'There is no plugin at nowhere: neither a folder with a package.json nor an installed package.',
      );
      expect(await main(['plugin', 'check', 'alike', '--no-browser', '--json'], folder)).toBe(1);
      expect(JSON.parse(told.pop() as string)).toMatchObject({
        plugin: 'alike',
        findings: expect.arrayContaining([{ check: 'package', state: 'passed', message: '2 files, complete' }]),
      });
      expect(await main(['plugin', 'check', 'clean', '--no-browser'], folder)).toBe(0);
      expect(told.pop()).toMatch(/^clean 1\.0\.0\n\n✓ package +2 files, complete\n/);
    } finally {
      log.mockRestore();
      error.mockRestore();
    }
  });
});
