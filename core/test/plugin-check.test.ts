import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { PluginDefinition } from '@ilearn/core';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { checkConformance } from '../dist/authoring/check/conformance.js';
import { connectionsIn } from '../dist/authoring/check/connections.js';
import { Findings } from '../dist/authoring/check/finding.js';
import { openScratchPortal } from '../dist/authoring/check/scratch-portal.js';
import { checkOwnData } from '../dist/authoring/check/separation.js';
import { loadSubject } from '../dist/authoring/check/subject.js';
import { main } from '../dist/cli/main.js';
import type { Finding } from '../dist/foundation/diagnosis.js';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'ilearn-check-'));
symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
afterAll(() => rmSync(folder, { recursive: true }));

const table = 'create table notes (id uuid primary key default gen_random_uuid(), school_id uuid not null, text text not null)';
const migration = `migrations: [{ name: '0001', up: '${table}', down: 'drop table notes' }]`;
const declared = "tables: { notes: { tenant: 'school_id' } }";
const list = (more: string) =>
  `routes: [{ method: 'GET', path: '/notes', summary: 'Notes', responses: { 200: z.array(z.object({ text: z.string() })).max(100) }, ${more} }]`;
const steps = (down: string) =>
  `tables: { notes: { tenant: { none: 'a test' } } }, migrations: [{ name: '0001', up: 'create table notes (id int default 1); create sequence counter', down: '${down}' }]`;
const read = 'handler: ({ services }) => services.knex("notes").select("text")';
const acting = `handler: ({ services }) => services.actAs({ kind: 'system', id: null, roles: [], tenants: '*' }, ({ knex }) => knex('notes').select('text'))`;
const fragile = "handler: async ({ services }) => [{ text: (await services.knex('notes').first()).text }]";
const about = `tables: { diaries: { tenant: { none: 'a test' }, people: { person_id: 'subject' }, keep: 'P1Y', erase: 'delete', purpose: 'safe-environment', use: 'x' } },
  migrations: [{ name: '0001', up: 'create table diaries (person_id uuid, mood int, updated_at timestamptz not null)', down: 'drop table diaries' }]`;
const words = { title: 'D', use: 'p', tenants: 's', mood: 'm' };
const texts = (diaries: object, audit = {}) => JSON.stringify({ privacy: { title: 'D', diaries, audit } });
const route = (path: string) =>
  `{ method: 'GET', path: '${path}', summary: 'A', permission: 'public', responses: { 200: z.object({}) }, handler: () => ({}) }`;

/** What definePlugin is given, by package. */
const starting: Record<string, string> = {
  packed: "ui: { entry: new URL('./ui.mjs', import.meta.url), messages: new URL('./messages/', import.meta.url) }",
  leftover: steps('drop table notes'),
  'one-way': steps('drop table nodes'),
  clean: steps('drop table notes; drop sequence counter'),
  sound: `permissions: { 'sound:read': ['teacher'] }, ${declared}, ${migration}, ${list(`permission: 'sound:read', machines: { none: 'a test' }, ${read}`)}`,
  lying: `permissions: { 'lying:read': ['teacher'] }, tables: { notes: { tenant: { none: 'a lie' } } }, ${migration}, ${list(`permission: 'lying:read', machines: { none: 'a test' }, ${read}`)}`,
  leaking: `privileges: ['actAs'], ${declared}, ${migration}, ${list(`permission: 'public', ${acting}`)}`,
  fragile: `${declared}, ${migration}, ${list(`permission: 'public', ${fragile}`)}`,
  diaries: `${about}, routes: [${route('/pages')}], privacy: { messages: new URL('./messages/', import.meta.url) }`,
  wordless: about,
  careless: `requires: { sound: '^1.0.0' },
    ui: { entry: new URL('./ui.mjs', import.meta.url), messages: new URL('./messages/', import.meta.url),
      pages: [{ path: '/slordig', tag: 'careless-page', title: 'page.titel', permission: 'public', nav: { icon: 'calender', order: 1 } }],
      slots: [{ slot: 'shell.baar', tag: 'careless-slot', permission: 'public' }, { slot: 'sound.nowhere', tag: 'careless-slot', permission: 'public' }] },
    routes: [{ method: 'GET', path: '/all', summary: 'All', permission: 'public', responses: { 200: z.array(z.string()) }, handler: () => [] },
      { method: 'POST', path: '/names', summary: 'Name', permission: 'public', body: z.object({ name: z.string() }),
        responses: { 200: z.object({}) }, handler: ({ body }) => { if (body.name.length > 9) throw new RangeError('too long'); return {}; } }]`,
  searching: '',
  'ways-out': '',
  'own-sockets': '',
  alike: `routes: [${route('/a/b')}, ${route('/a-b')}]`,
};
const refused: Record<string, string> = {
  undeclared: `${migration}, routes: [{ method: 'FETCH' }]`,
  secretive: migration,
};
const more: Record<string, Record<string, string>> = {
  packed: {
    'ui.mjs':
      'globalThis.litHtmlVersions = []; import("https://cdn.example.com/x.js"); const a = \'<a href="https://school.example.org/">\';',
    'messages/nl.json': '{ "a": { "b": "B", "c_one": "1", "c_other": "2" }, "d": "" }',
    'messages/en.json': '{ "a": { "b": "B", "c_one": "1", "c_many": "2" }, "e": "E" }',
    'messages/fr.json': '{ "a": {} }',
  },
  'ways-out': {
    'index.js': `import { definePlugin } from '@ilearn/core';
import { far } from './far.js';
import 'sender';
export default definePlugin({ id: 'ways-out', version: '1.0.0', http: { purpose: 'a test', sends: 'no data about people', named: 'a test' } });
void far;`,
    'far.js': "import { isIP } from 'node:net';\nexport const far = (url) => (isIP(url) ? fetch(url) : import('node:https'));",
    'node_modules/sender/package.json': '{ "name": "sender", "version": "1.0.0", "main": "main.js" }',
    'node_modules/sender/main.js': "const wire = require('./wire'); module.exports = wire;",
    'node_modules/sender/wire.js': "module.exports = require('node:tls');",
  },
  searching: {
    'index.js': `import { definePlugin } from '@ilearn/core';
import { z } from 'zod';
const messages = new URL('./messages/', import.meta.url);
const answer = (rows, place = '/zoeken/1?a=b') => ({ results: rows.map(({ text }) => ({ title: text, detail: null, place })), more: false });
const find = (knex) => knex('notes').whereLike('text', '%check%');
const source = (kind, handler) => ({ kind, messages, label: 'find', icon: kind === 'lost' ? 'bok' : 'book', order: 1, route: {
  method: 'GET', path: '/' + kind, summary: kind, permission: 'searching:read', machines: { none: 'a test' }, timeoutMs: 5000, handler,
  query: z.object({ q: z.string().min(2).max(100), limit: z.coerce.number().int().max(20).default(6) }),
  responses: { 200: z.object({ results: z.array(z.object({ title: z.string(), detail: z.string().nullable(), place: z.string() })).max(20), more: z.boolean() }) } } });
const sources = [
  source('own', async ({ services }) => answer(await find(services.knex))),
  source('leaky', ({ services }) => services.actAs({ kind: 'system', id: null, roles: [], tenants: '*' }, async ({ knex }) => answer(await find(knex)))),
  source('lost', async ({ services }) => answer(await find(services.knex), '/nergens')),
  source('untitled', () => answer([{ text: ' ' }])),
  source('quiet', () => answer([])),
];
export default definePlugin({ id: 'searching', version: '1.0.0', privileges: ['actAs'], optional: { search: '^0.1.0' },
  permissions: { 'searching:read': ['teacher'] }, ${declared}, ${migration},
  routes: sources.map(({ route }) => route), contributes: { 'search.sources': [...sources, source('unlisted', () => answer([]))] },
  ui: { entry: new URL('./ui.mjs', import.meta.url), messages, pages: [{ path: '/zoeken/:id', tag: 'searching-page', title: 'find', permission: 'searching:read' }] } });`,
    'ui.mjs': '',
    'messages/nl.json': '{ "find": "Notities" }',
    'messages/en.json': '{ "find": "Notes" }',
    'messages/fr.json': '{ "find": "Notes" }',
  },
  'own-sockets': {
    'index.js': `import net from 'node:net';
import { definePlugin } from '@ilearn/core';
export default definePlugin({ id: 'own-sockets', version: '1.0.0', http: { purpose: 'a test', sends: 'no data about people', sockets: 'mail is sent over SMTP' } });
void net;`,
  },
  careless: {
    'ui.mjs':
      'const a = (t) => [t.t(`page.title`), t.t("page.hedaing"), t.t(`page`), t.t(`page.\x24{t}`), t.t(`page.kinds.\x24{t}.name`)]; const b = `<il-icon name="book"></il-icon><il-icon name="bok">`;',
    'messages/nl.json': '{ "page": { "title": "T", "heading": "K" } }',
    'messages/en.json': '{ "page": { "title": "T", "heading": "K" } }',
    'messages/fr.json': '{ "page": { "title": "T", "heading": "K" } }',
    'tsconfig.json': '{}',
    'node_modules/plugin-sound/package.json':
      '{ "name": "plugin-sound", "version": "1.0.0", "type": "module", "exports": { ".": "./index.js", "./package.json": "./package.json" } }',
    'node_modules/plugin-sound/index.js': `export { default } from '../../../sound/index.js';`,
    'src/kept.ts': '',
    'dist/kept.js': `import { readFileSync } from 'node:fs';\nimport type from 'ioredis';\nexport * from "@scope/part/deep.js";\nimport './gone.js';`,
    'dist/gone.js': `// import 'not-this';\nconst lazy = () => import('lazy-part');`,
  },
  diaries: {
    'messages/nl.json': texts(words, { 'GET /pages': 'Las een bladzijde' }),
    'messages/en.json': texts({ ...words, mood: '' }, { 'GET /pages': 'Read a page' }),
    'messages/fr.json': texts({ title: 'D' }),
  },
};
const manifests: Record<string, object> = {
  'ways-out': { dependencies: { sender: '^1.0.0' } },
  careless: {
    ilearn: { contrakt: 1 },
    exports: { '.': './index.js', './kept': './dist/kept.js' },
    files: ['*.js', 'ui.mjs', 'messages', 'dist'],
    peerDependencies: { '@ilearn/core': '^0.1.0', zod: '^4.0.0' },
    devDependencies: { ioredis: '^6.0.0', 'plugin-sound': '^1.0.0' },
  },
  packed: { version: '1.1.0', dependencies: { zod: '^4.0.0' } },
};

function write(name: string, definition: string): void {
  const manifest = {
    name,
    version: '1.0.0',
    type: 'module',
    exports: './index.js',
    files: ['*.js', 'messages'],
    peerDependencies: { '@ilearn/core': '^0.1.0', zod: '^4.0.0' },
    ...manifests[name],
  };
  const files: Record<string, string> = {
    'package.json': JSON.stringify(manifest),
    'index.js': `import { definePlugin, nothing } from '@ilearn/core';\nimport { z } from 'zod';\nexport default definePlugin({ id: '${name}', version: '1.0.0', ${definition} });`,
    ...more[name],
  };
  for (const [file, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name, file)), { recursive: true });
    writeFileSync(join(folder, name, file), text);
  }
}

/** What was found of each package, checked in one portal. */
async function check(names: string[], seconds = 30): Promise<Map<string, Finding[]>> {
  const subjects = await Promise.all(names.map((name) => loadSubject(name, folder, seconds)));
  const results = await checkConformance(subjects, { browser: false, seconds });
  return new Map([...results].map(([{ manifest }, { list }]) => [manifest.name, list]));
}

/** What failed, each as `check: message`. */
const failures = (findings: readonly Finding[] = []) =>
  findings.filter(({ state }) => state === 'failed').map(({ check, message }) => `${check}: ${message}`);

/** Holds the event loop as an endless loop does, without using a core. */
const blocked = 'Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)';

describe('ilearn plugin check', () => {
  let found: Map<string, Finding[]>;
  beforeAll(async () => {
    for (const [name, definition] of Object.entries({ ...starting, ...refused })) write(name, definition);
    // Each run asks npm and starts a portal: those that start are checked together.
    found = await check(Object.keys(starting));
  });
  const failed = (name: string) => failures(found.get(name));

  test('finds what a package lacks and what it has too much', () => {
    expect(failed('packed')).toEqual([
      'package: npm would publish it without its ui.entry (ui.mjs).',
      'package: package.json says version 1.1.0, definePlugin 1.0.0.',
      'package: It depends on its own copy of zod.',
      'messages: nl.json has no text for e.',
      'messages: fr.json has no text for a.b, a.c, e.',
      'ui: The built pages contain lit.',
      'ui: The built pages refer to cdn.example.com.',
    ]);
    for (const { state, remedy } of found.get('packed') ?? []) if (state === 'failed') expect(remedy).toMatch(/\w/);
  });

  test('finds calls that avoid the service http, and dependencies that make them', () => {
    const of = (name: string) =>
      (found.get(name) ?? [])
        .filter((finding) => finding.check === 'outgoing calls')
        .map(({ state, message }) => `${state}: ${message}`);
    expect(of('ways-out')).toEqual([
      'failed: far.js:2 imports node:https, without the service http.',
      'failed: far.js:2 uses fetch, without the service http.',
      'skipped: The dependency sender can open connections by itself (imports node:tls in sender/wire.js). Not checked: whether it does.',
    ]);
    expect(of('own-sockets')[0]).toBe('passed: index.js:1 imports node:net; declared: mail is sent over SMTP');
    expect(of('sound')).toEqual(['passed: its server code calls other services only through the service http']);
  });

  test.each<[code: string, what: string[]]>([
    ["import https from 'https'", ['imports https']],
    ["import * as n from 'node:net'", ['imports node:net']],
    ["import { connect, isIP } from 'node:net'", ['imports node:net']],
    ["import { isIP, BlockList } from 'node:net'; import { STATUS_CODES } from 'http'", []],
    ["export * from 'node:dns'; export { lookup } from 'dns/promises'", ['imports node:dns', 'imports dns/promises']],
    ["await import(`node:http2`); import('undici')", ['imports node:http2', 'imports undici']],
    [
      "require('tls'); process.getBuiltinModule('dgram'); createRequire(import.meta.url)('http')",
      ['imports tls', 'imports dgram', 'imports http'],
    ],
    ["import axios from 'axios'; import f from 'node-fetch'", ['imports axios', 'imports node-fetch']],
    ['fetch(u)', ['uses fetch']],
    ['const f = fetch; globalThis.fetch(u); global["fetch"](u)', ['uses fetch']],
    [
      'const { fetch: f } = globalThis; new WebSocket(u); new EventSource(u)',
      ['uses fetch', 'uses WebSocket', 'uses EventSource'],
    ],
    ['http.fetch(u); services.http.fetch(u); const o = { fetch: 1, async fetch() {} }; o.fetch; typeof fetch', []],
    ['const go = ({ fetch }) => fetch(u); function f(fetch) { return fetch(u) }', []],
    ['const go = ({ fetch }) => fetch(u);\nfetch(u)', ['uses fetch']],
    ['import { fetch } from "./own.js"; fetch(u)', []],
    ['class A { fetch() { return this.fetch() } } // fetch(u)', []],
    ["const text = 'fetch(u)'; /* require('net') */", []],
  ])('parses network access in code as Node does: %s', (code, what) => {
    expect([...new Set(connectionsIn(code, true).map((each) => each.what))].sort()).toEqual([...what].sort());
  });

  test('newcomer 8: finds names that do not exist, and packages that are not installed with it', () => {
    expect(failed('careless')).toEqual([
      'package: dist/kept.js imports ioredis, which package.json names under devDependencies only.',
      'package: dist/kept.js imports @scope/part, which package.json does not name.',
      'package: dist/gone.js imports lazy-part, which package.json does not name.',
      'package: It requires the plugin "sound", whose package is not among its peerDependencies.',
      'package: It contains dist/gone.js without a source file.',
      'package: package.json has "ilearn": { "contrakt": … }, which no kernel reads. Did you mean "contract"?',
      'messages: There is no text that begins with "page.kinds." (a page).',
      'messages: There is no text for "page.titel" (page /slordig). Did you mean "page.title"?',
      'messages: There is no text for "page.hedaing" (a page). Did you mean "page.heading"?',
      'ui: There is no icon "calender". Did you mean "calendar"?',
      'ui: There is no icon "bok". Did you mean "book"?',
      'ui: No page has the slot "shell.baar". Did you mean "shell.bar"?',
      'lists: GET /all may return a list of any length: 200.',
      expect.stringMatching(/^input: POST \/names fails \(500\) with "[9x]+ as body\.name\.$/),
    ]);
    expect(failed('sound')).toEqual([]);
  });

  test('reports what prevents a plugin from starting, and that the rest was not checked', async () => {
    const undeclared = (await check(['undeclared'])).get('undeclared') ?? [];
    expect(failures(undeclared)[0]).toMatch(/^contract: routes/);
    expect(undeclared.at(-1)).toMatchObject({ check: 'the rest', state: 'skipped' });
    expect(failures((await check(['secretive'])).get('secretive'))).toEqual([
      'declarations: tables.notes: The migrations create the table "notes", which the manifest does not declare.',
    ]);
  });

  test('ux 6: finds tables about people, and recorded routes, without texts in each language', () => {
    expect(failed('diaries').filter((each) => each.startsWith('privacy'))).toEqual([
      'privacy: en.json has no text for privacy.diaries.mood.',
      'privacy: fr.json has no text for privacy.diaries.use, privacy.diaries.tenants, privacy.diaries.mood, privacy.audit › GET /pages.',
    ]);
    expect(failed('wordless')).toHaveLength(3);
  });

  test('runs migrations down and up again', () => {
    expect(failed('leftover')).toEqual(['migrations: Its down leaves behind: sequence counter.']);
    expect(failed('one-way')).toEqual([
      expect.stringMatching(/^migrations: migrations\.0001 \(down\): .*"nodes" does not exist/),
    ]);
    expect(failed('clean')).toEqual([]);
  });

  test('finds a route that shows one tenant’s rows to another, or to anyone', () => {
    expect(failed('sound')).toEqual([]);
    // Declared as of no tenant: nothing to find, and that is said.
    expect(found.get('lying')).toContainEqual(
      expect.objectContaining({ state: 'skipped', message: expect.stringContaining('GET /notes') }),
    );
    expect(failed('leaking')).toEqual([
      'separation: GET /notes shows somebody of another tenant rows of one tenant (/api/leaking/notes).',
      'separation: GET /notes shows anyone rows of one tenant (/api/leaking/notes).',
    ]);
  });

  test('issue 12: asks the sources of the search box, from other tenants too', () => {
    expect(failed('searching').filter((each) => /^(search|ui)/.test(each))).toEqual([
      'ui: There is no icon "bok". Did you mean "book"?',
      'search: The source "leaky" shows somebody of another tenant rows of one tenant (/api/searching/leaky?q=check&limit=20).',
      'search: The source "lost" leads to /nergens, which is no page of the portal.',
      expect.stringMatching(/^search: The source "untitled" answers results\.0\.title: /),
      'search: The route of the source "unlisted" is not among the routes of the plugin.',
    ]);
    expect(found.get('searching')).toContainEqual(
      expect.objectContaining({ check: 'search', state: 'skipped', message: expect.stringContaining(': untitled, quiet.') }),
    );
  });

  test('checks from a second tenant of each kind', async () => {
    write(
      'two-sided',
      `privileges: ['actAs', 'tenants'], tenantKinds: ['school', 'training-provider'],
    roles: { teacher: 'school', trainer: 'training-provider' }, permissions: { 'two-sided:read': ['teacher', 'trainer'] },
    tables: { enrolments: { tenant: { sees: ['school_id', 'provider_id'], writes: ['school_id'] } } },
    migrations: [{ name: '0001', down: 'drop table enrolments', up: 'create table enrolments (id uuid primary key default gen_random_uuid(), school_id uuid not null, provider_id uuid not null, text text not null)' }],
    ${list(
      `permission: 'two-sided:read', machines: { none: 'a test' }, handler: ({ services, principal }) => principal.roles.every(({ role }) => role === 'trainer')
        ? services.actAs({ kind: 'system', id: null, roles: [], tenants: '*' }, ({ knex }) => knex('enrolments').select('text'))
        : services.knex('enrolments').select('text')`,
    )}`,
    );
    const findings = (await check(['two-sided'])).get('two-sided') ?? [];
    expect(failures(findings)).toEqual([
      'separation: GET /notes shows somebody of another training-provider rows of one tenant (/api/two-sided/notes).',
    ]);
  });

  test('finds a route that fails on empty tables', () => {
    expect(failed('fragile')).toEqual(['answers: GET /api/fragile/notes fails (500) on empty tables.']);
  });

  test('abandons what never ends, names it, and continues with the rest', async () => {
    const never = 'new Promise(() => {})';
    const checkWithin = async (name: string, definition: string) => {
      write(name, definition);
      return (await check([name], 1)).get(name) ?? [];
    };
    const route = (path: string, handler: string) =>
      `{ method: 'GET', path: '${path}', summary: 'A', permission: 'public', responses: { 200: z.array(z.object({ text: z.string() })).max(100) }, handler: ${handler} }`;
    write('ending', `start: async () => () => ${never}`);
    write(
      'patient',
      `${declared}, ${migration},
       jobs: { wait: { payload: z.object({}), handler: async ({ services }) => { await services.knex('notes'); await ${never}; } } },
       events: { said: z.object({}) },
       start: ({ work }) => work(({ jobs }) => jobs.enqueue('wait', {})),
       routes: [${route('/hangs', `async ({ services }) => { await services.knex('notes'); return ${never}; }`)},
         ${route('/works', '({ services }) => services.knex("notes").select("text")')}]`,
    );
    const together = await check(['patient', 'ending'], 1);
    expect(failures(together.get('ending'))).toEqual([]);
    const sound = together.get('patient') ?? [];
    expect(failures(sound).sort()).toEqual([
      'time: patient: GET /hangs did not end within 1 s.',
      'time: patient: job wait did not end within 1 s.',
    ]);
    expect(sound.find(({ check }) => check === 'time')?.remedy).toMatch(/waits for/);
    // What hangs held the embedded database's one connection: the route after it was answered all the same.
    expect(sound).toContainEqual(
      expect.objectContaining({ check: 'answers', state: 'passed', message: expect.stringMatching(/^[1-9]/) }),
    );

    expect(failures(await checkWithin('starting', `start: () => ${never}`))).toEqual([
      'contract: start: start() of starting did not end within 1 seconds.',
    ]);
    expect(failures(await checkWithin('migrating', `migrations: [{ name: '0001', up: () => ${never}, down: '' }]`))).toEqual([
      'migrations: migrations.0001: It failed: Did not end within 1 s',
    ]);
    await expect(checkWithin('importing', `start() {} }); await ${never}; ({`)).rejects.toThrow(
      'it was not loaded within 1 s; look for an await',
    );
  });

  const loops = [
    [
      'GET /turns',
      `routes: [{ method: 'GET', path: '/turns', summary: 'A', permission: 'public', responses: { 200: z.object({}) }, handler: () => { ${blocked}; } }]`,
    ],
    ['start()', `start: async () => { await null; ${blocked}; }`],
    ['the import of', 'start() {} }); for (;;); ({'],
  ] as const;
  // Each is waited for, for some seconds.
  const tried = process.env['ILEARN_LONG_TESTS'] === '1' ? loops : loops.slice(0, 1);
  test.each(tried)('names an endless loop, and ends itself: %s', async (place, definition) => {
    write('looping', definition);
    const bin = fileURLToPath(new URL('../bin/ilearn.js', import.meta.url));
    const child = spawn(
      process.execPath,
      ['--liftoff-only', bin, 'plugin', 'check', 'looping', '--no-browser', '--seconds', '1'],
      { cwd: folder },
    );
    let told = '';
    child.stderr.on('data', (bytes) => {
      told += bytes;
    });
    const [code, signal] = await once(child, 'close');
    expect([code, signal], told).toEqual([null, 'SIGKILL']);
    expect(told).toMatch(/✗ time {2}.+ blocked the event loop for 4 s\.\n +→ Look for an endless loop\./);
    expect(told).toContain(place);
    expect(told).toContain('looping');
  });

  test('finds a right on another plugin’s table, and a statement that is not refused', async () => {
    const right = 'own data: Its role ilearn_taker has rights on owner.notes.';
    const definition = (id: string): PluginDefinition => ({
      id,
      version: '1.0.0',
      tables: { notes: { tenant: { none: 'a test' } } },
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
      // The database guard refuses the statement whatever was granted.
      expect(failures(after.list)).toEqual([right]);

      // A portal whose guard has a hole: statements go to the database as they are, under the plugin's role.
      const raw = async (text: string) => {
        const client = await pool.connect();
        try {
          await client.query('set role ilearn_taker');
          return await client.query(text);
        } finally {
          await client.query('reset role');
          client.release();
        }
      };
      const unguarded = {
        work: (_id: string, run: (services: { knex: { raw: typeof raw } }) => unknown) => run({ knex: { raw } }),
      };
      const holed = { ...portal, platform: { platform: portal.platform.platform, ...unguarded } } as unknown as typeof portal;
      const open = new Findings();
      await checkOwnData(subject, holed, open);
      expect(failures(open.list)).toEqual([right, 'own data: A statement of the plugin on owner.notes was not refused.']);
    } finally {
      await portal.stop();
    }
  });

  test('finds two routes that the OpenAPI document cannot distinguish', () => {
    expect(failed('alike')).toEqual(['openapi: Two routes are "alike-get-a-b" in the document.']);
  });

  test('reports by its exit code, and as JSON on request', async () => {
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
      expect(told.pop()).toMatch(/^clean 1\.0\.0 \(contract 1\)\n\n✓ package +2 files, complete\n/);
    } finally {
      log.mockRestore();
      error.mockRestore();
    }
  });
});
