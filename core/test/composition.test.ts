import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { jobFor, type PluginDefinition, type Route } from '@ilearn/core';
import { openTestHome } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { purposesOf } from '../dist/foundation/purposes.js';
import { checkPlugins } from '../dist/plugins/check.js';
import { checkPurposeChanges } from '../dist/plugins/check-purposes.js';
import { none, plugin, sql } from './support/fixtures.js';
import { column, portalOn, refusalOf, type TestHome } from './support/portal.js';

const get = (path: string, permission = 'public', rest = {}) =>
  ({
    method: 'GET',
    path,
    summary: 'x',
    permission,
    ...(permission === 'public' ? {} : { machines: { none: 'a test' } }),
    responses: { 200: z.object({}) },
    handler: () => ({}),
    ...rest,
  }) as Route;

let folder: string;
let home: TestHome;
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'ilearn-composition-'));
  for (const language of ['nl', 'en', 'fr']) writeFileSync(join(folder, `${language}.json`), '{}');
  writeFileSync(join(folder, 'ui.js'), '');
  home = await openTestHome();
});
afterAll(async () => {
  await home?.close();
  rmSync(folder, { recursive: true, force: true });
});

const page = (path: string, tag: string, permission = 'public') => ({ path, tag, title: 't', permission });
const ui = (pages: ReturnType<typeof page>[]) => ({
  entry: pathToFileURL(join(folder, 'ui.js')),
  messages: pathToFileURL(`${folder}/`),
  pages,
});
/** The report of what is wrong with these manifests, without a database. */
const report = (...definitions: unknown[]) => {
  const loaded = definitions.map((definition) => ({
    definition: definition as PluginDefinition,
    origin: `@test/${(definition as PluginDefinition).id}`,
    rawConfig: undefined,
  }));
  const { faults } = checkPlugins(loaded);
  return faults.map(({ plugin: id, where, message }) => `${id} › ${where}: ${message}`);
};

test('ux 4: only parts of the start page have a size, half or full, and none is public', () => {
  const filling = (over: object) => ({ slot: 'shell.start', tag: 'parts-one', permission: 'signed-in', ...over });
  const parts = (...slots: object[]) => plugin('parts', { ui: { ...ui([]), slots } as never });
  expect(report(parts(filling({ size: 'full' }), filling({ size: 'half' }), filling({})))).toEqual([]);
  expect(report(parts(filling({ slot: 'shell.footer', size: 'full' }), filling({ permission: 'public' })))).toEqual([
    'parts › ui.slots: <parts-one> has a size, but "shell.footer" gives it none.',
    'parts › ui.slots: <parts-one> is a public part of the start page, which needs a session.',
  ]);
  expect(report(parts(filling({ size: 'third' })))).toEqual([expect.stringContaining('is not half or full')]);
});

test('what a page or a part of the start page loads is a GET route of the plugin, with parameters of the page', () => {
  const routes = [get('/notes/:id', 'signed-in'), get('/today', 'signed-in')];
  const withUi = (pages: object[], slots: object[]) => plugin('notes', { routes, ui: { ...ui([]), pages, slots } as never });
  const note = (loads: string[]) => ({ ...page('/n/:note', 'notes-one'), loads });
  const part = (over: object) => ({ slot: 'shell.start', tag: 'notes-part', permission: 'signed-in', ...over });
  expect(report(withUi([note(['/notes/:note', '/today'])], [part({ loads: ['/today'] })]))).toEqual([]);
  expect(
    report(
      withUi(
        [note(['/nothing', '/notes/:id'])],
        [part({ loads: ['/notes/:id'] }), part({ slot: 'shell.bar', loads: ['/today'] })],
      ),
    ),
  ).toEqual([
    'notes › ui.slots: <notes-part> has loads, but only parts of the start page may.',
    'notes › ui.pages: <notes-one> loads /nothing, which is no GET route of the plugin.',
    'notes › ui.pages: <notes-one> loads /notes/:id, but its address has no parameter :id.',
    'notes › ui.slots: <notes-part> loads /notes/:id, but its address has no parameter :id.',
  ]);
});

test('a page that the server renders names a public GET route with its parameters, and a path of its own', () => {
  const documents = (id: string, routes: Route[], ...own: object[]) =>
    plugin(id, { routes, ui: { ...ui([]), documents: own } as never });
  const routes = [get('/reader/:slug'), get('/desk', 'signed-in')];
  expect(report(documents('help', routes, { path: '/hulp/:slug', route: '/reader/:slug' }))).toEqual([]);
  expect(
    report(
      documents(
        'help',
        routes,
        { path: '/hulp', route: '/reader/:slug' },
        { path: '/balie', route: '/desk' },
        { path: '/x', route: '/x' },
      ),
    ),
  ).toEqual([
    'help › ui.documents: /hulp has no parameter :slug for /reader/:slug.',
    'help › ui.documents: /balie is served by /desk, which is no public GET route.',
    'help › ui.documents: /x is served by /x, which is no public GET route.',
  ]);
  const [one, other] = ['one', 'other'].map((id) => documents(id, [get('/status')], { path: '/status', route: '/status' }));
  expect(report(one, other)).toEqual([expect.stringContaining('/status')]);
});

test('all faults of a composition are in one report, each with its remedy, and nothing is stored', async () => {
  const base = plugin('base', {
    permissions: { 'base:read': ['teacher'] },
    points: { tools: z.object({ name: z.string() }) },
    events: { grew: z.object({}) },
  });
  const ranged = plugin('ranged', { requires: { base: '^2.0.0', absent: '^1.0.0' } });
  const tagged = plugin('tagged', { ui: ui([page('/een', 'tagged-page-list'), page('/een', 'other-page')]) });
  const twin = plugin('tagged-page', { ui: ui([page('/twee', 'tagged-page-list')]) });
  const undeclared = plugin('undeclared', { migrations: [sql('0001', 'create table hidden (a int)')] });
  const configured = plugin('configured', { config: z.strictObject({ days: z.int().positive(), mail: z.email() }) });
  const giving = plugin('giving', {
    requires: { base: '^1.0.0' },
    contributes: { 'base.tools': [{ name: 'goed' }, { name: 3 }], 'base.rooms': [], 'tagged.x': [] },
    on: { 'base.shrank': () => {}, 'configured.changed': () => {} },
  });
  const routed = plugin('routed', {
    permissions: { 'routed:read': ['teacher'] },
    routes: [
      get('/a/:id', 'routed:read'),
      get('/a/:other'),
      get('/b', 'base:read'),
      get('/c', 'signed-in', { session: false }),
      get('/d/:id', 'routed:read', { mayLag: true }),
      { ...get('/d/:it', 'routed:read'), method: 'PUT' as const },
    ],
  });
  const composition = portalOn(home, [ranged, base, tagged, twin, undeclared, configured, giving, routed], {
    config: { configured: { days: -1, mail: 'geen', colour: 'red' } },
  });

  expect(await refusalOf(composition.migrate())).toBe(`The portal does not start: 18 faults.

  tagged › ui
    The element <other-page> does not start with the plugin's prefix.
    → Call it <tagged-…>.

  configured › config.days
    Too small: expected number to be >0
    → Fix days under "@test/configured" in ilearn.config.ts.

  configured › config.mail
    Invalid email address
    → Fix mail under "@test/configured" in ilearn.config.ts.

  configured › config
    There is no "colour" here. Known: days, mail.
    → Fix the configuration under "@test/configured" in ilearn.config.ts.

  ranged › requires.base
    It requires base ^2.0.0; installed is base 1.0.0.
    → Install @test/base in the range ^2.0.0, or a version of @test/ranged made for 1.0.0.

  ranged › requires.absent
    It requires the plugin "absent" (^1.0.0), which is not in this portal.
    → Add the package of "absent" to ilearn.config.ts.

  tagged › ui.pages
    The page /een is already used by this plugin.
    → Give the page a path of its own.

  tagged-page › ui
    The tag tagged-page-list is already used by tagged.
    → Rename the element; a longer plugin id may share the prefix.

  giving › contributes.base.tools[1].name
    Invalid input: expected string, received number
    → Change the contribution to fit the schema of base.tools.

  giving › contributes.base.rooms
    base has no point "rooms".
    → It opens: tools.

  giving › contributes.tagged.x
    It contributes to "tagged.x" without requiring tagged.
    → Add tagged to requires, or to optional.

  giving › on.base.shrank
    base publishes no event "shrank".
    → It publishes: grew.

  giving › on.configured.changed
    It listens to "configured.changed" without requiring configured.
    → Add configured to requires, or to optional.

  routed › routes GET /a/:other
    Two routes answer this method and path.
    → Remove one of them.

  routed › routes GET /b
    No plugin that it uses declares the permission "base:read".
    → Add it to permissions with the roles that hold it; known here: routed:read.

  routed › routes GET /c
    It ignores the session, but requires a permission.
    → Set permission: 'public' and check the caller in the handler, or drop session: false.

  routed › routes GET /d/:id
    Its answer may lag, but another route stores the same thing, so that a form would put back what is older.
    → Remove mayLag.

  undeclared › tables.hidden
    The migrations create the table "hidden", which the manifest does not declare.
    → Add tables.hidden = { tenant: …, people: … }: without it nobody can say whose data it holds.
`);
  const left = await column(home, `select nspname::text from pg_namespace where nspname in ('kernel', 'undeclared', 'base')`);
  expect(left).toEqual([]);
});

describe('a manifest', () => {
  test('with a wrong shape gets its faults by place, without a stack trace', () => {
    expect(
      report({
        ...plugin('shapeless'),
        migration: [],
        tables: { a: {}, b: { tenant: { none: '' } }, c: { tenant: 'x', people: { id: 'owner' } } },
        routes: [{ method: 'FETCH', path: '/', summary: 's', permission: 'public', handler: 'x' }],
        contributes: { 'a.b': 'x' },
        services: { s: {} },
        jobs: { j: { payload: {}, handler: () => {}, retries: -1 } },
        on: { 'a.b': true },
      }),
    ).toEqual([
      "shapeless › tables.a.tenant: is not a column name, { column, nullMeansShared: true }, { sees: ['column'], writes: ['column'] } or { none: 'why' }",
      'shapeless › tables.b.tenant.none: is empty',
      'shapeless › tables.c.people.id: is not subject, author or contact',
      'shapeless › services.s: is not a class',
      'shapeless › contributes: is not an object of lists, or a function that returns one',
      'shapeless › routes.0.method: is not GET, POST, PUT, PATCH or DELETE',
      'shapeless › routes.0.responses: is not an object of names',
      'shapeless › routes.0.handler: is not a function',
      'shapeless › jobs.j.payload: is not a zod schema',
      'shapeless › jobs.j.retries: is less than 0',
      'shapeless › on.a.b: is not a function',
      'shapeless › manifest: There is no "migration" here. Did you mean "migrations"?',
    ]);
  });

  test.each([
    'Alpha',
    'alpha_beta',
    'alpha--beta',
    '-alpha',
    '1alpha',
    'alpha.beta',
    'a"; drop schema kernel',
    'a'.repeat(41),
    '',
  ])('cannot call itself %j', (id) => expect(report(plugin(id))).toEqual([`${id} › id: "${id}" is not a plugin id.`]));

  test.each([
    'kernel',
    'ui',
    'health',
    'public',
    'pg-catalog',
    'information-schema',
    'jobs',
    'unit-of-work',
    'principal',
  ])('cannot use a name that exists already: %s', (id) =>
    expect(report(plugin(id))).toEqual([`${id} › id: "${id}" is reserved for the kernel.`]));

  test('may have the name of a privilege, but then cannot be required by a plugin with that privilege', () => {
    const named = plugin('privacy');
    expect(report(named, plugin('other', { requires: { privacy: '^1.0.0' } }))).toEqual([]);
    expect(report(named, plugin('other', { requires: { privacy: '^1.0.0' }, privileges: ['privacy'] }))).toEqual([
      'other › requires.privacy: "privacy" is the name of a privilege that it has.',
    ]);
  });

  test('is checked for consistency', () => {
    class Service {}
    expect(
      report(
        plugin('itself', {
          version: '1',
          privileges: ['root' as any],
          services: { knex: Service, base: Service },
          requires: { base: 'latest!' },
          exports: { services: ['ghost'] },
          tables: { t: { tenant: 's', people: { person_id: 'subject' }, keep: '1 year' } },
          migrations: [sql('0002', ''), sql('0001', ''), sql('0001', '')],
          jobs: {
            often: jobFor<any>()({ payload: z.object({ id: z.string() }), schedule: '0 3 * * *', handler: () => {} }),
            never: jobFor<any>()({ payload: z.object({}), schedule: 'at noon', handler: () => {} }),
          },
          contributes: () => {
            throw new Error('no connection');
          },
        }),
        plugin('base'),
      ),
    ).toEqual([
      'itself › version: "1" is not a semantic version.',
      'itself › services.knex: "knex" is a service of the kernel.',
      'itself › services.base: "base" is the name of a plugin that it uses.',
      'itself › exports.services: It exports the service "ghost" but has no service of that name.',
      'itself › privileges: There is no privilege "root".',
      'itself › tables.t: It refers to people (person_id) but does not declare "erase".',
      'itself › tables.t: It refers to people (person_id) but does not declare "purpose".',
      'itself › tables.t: It refers to people (person_id) but does not declare "use".',
      'itself › tables.t.keep: "1 year" is not an ISO 8601 duration.',
      'itself › migrations: They are not in the order of their names: 0002, 0001, 0001.',
      'itself › migrations: Two migrations are called "0001".',
      'itself › jobs.often.payload: A scheduled job is given {}, which its payload schema refuses.',
      'itself › jobs.never.schedule: "at noon" is not a cron expression, or never occurs.',
      'itself › contributes: It failed: no connection',
      'itself › requires.base: "latest!" is not a semver range.',
    ]);
  });

  test('may not use a name of another plugin', () => {
    const command = (name: string) => ({ name, summary: 's', run: async () => {} });
    const one = plugin('one', { permissions: { 'path:write': ['teacher'] }, commands: [command('import all')] });
    const two = plugin('two', { permissions: { 'path:write': ['pupil'] }, commands: [command('import all'), command('start')] });
    expect(report(one, two, one)).toEqual([
      'one › id: Two packages contain the plugin "one": @test/one and @test/one.',
      'two › permissions: The permission path:write is already used by one.',
      'two › commands: The command import all is already used by one.',
      'two › commands: The command start is already used by the kernel.',
      'one › permissions: The permission path:write is already used by this plugin.',
      'one › commands: The command import all is already used by this plugin.',
    ]);
  });

  test('may name purposes of the kernel, of its own and of plugins that it requires, and no others', () => {
    const purpose = { controller: 'tenant', basis: 'public-task', recipients: [] } as const;
    const table = (id: string) => ({ t: { tenant: { none: 'a test' }, purpose: id } });
    const base = plugin('base', { purposes: { learning: purpose, 'safe-environment': purpose } });
    const middle = plugin('middle', { requires: { base: '^1.0.0' }, tables: table('safe-environment') });
    expect(
      report(
        base,
        middle,
        plugin('above', { requires: { middle: '^1.0.0' }, tables: table('learning') }),
        plugin('own', { purposes: { gardening: purpose }, tables: table('gardening') }),
        plugin('wrong', { requires: { middle: '^1.0.0' }, tables: table('learnign') }),
        plugin('beside', { tables: table('learning') }),
        plugin('odd', { purposes: { fun: { ...purpose, basis: 'because' as never } } }),
      ),
    ).toEqual([
      'odd › purposes.fun.basis: is not one of consent, contract, legal-obligation, vital-interests, public-task, legitimate-interests',
      'base › purposes: The purpose safe-environment is already used by the kernel.',
      'wrong › tables.t.purpose: There is no purpose "learnign". Did you mean "learning"?',
      'beside › tables.t.purpose: The purpose "learning" is declared by base, which it does not require.',
    ]);
    const changes = { learning: { controller: 'joint' }, lerning: {} } as const;
    const loaded = [{ definition: base, origin: '@test/base', rawConfig: {} }];
    expect(checkPurposeChanges(changes, loaded, true).map(({ where, message }) => `${where}: ${message}`)).toEqual([
      'purposes.lerning: No plugin of this portal declares the purpose "lerning". Did you mean "learning"?',
    ]);
    expect(checkPurposeChanges(changes, [], false)).toEqual([]);
    expect(purposesOf([{ id: 'base', definition: base }], changes).get('learning')).toEqual({
      ...purpose,
      controller: 'joint',
      transfers: [],
      declaredBy: 'base',
    });
  });

  test('alone is reported if others require its plugin', () => {
    const onTop = plugin('on-top', { requires: { Wrong: '^1.0.0' }, routes: [get('/', 'wrong:read')] });
    expect(report(plugin('Wrong'), onTop)).toEqual(['Wrong › id: "Wrong" is not a plugin id.']);
  });

  test('may not require itself, directly or indirectly', () => {
    const ring = (id: string, next: string) => plugin(id, { requires: { [next]: '^1.0.0' } });
    expect(report(ring('a', 'b'), ring('b', 'c'), ring('c', 'a'), ring('d', 'a'))).toEqual([
      'a › requires: These plugins require each other in a circle: a → b → c → a.',
    ]);
    expect(report(ring('a', 'a'))).toEqual(['a › requires: These plugins require each other in a circle: a → a.']);
  });

  test('is not modified by the check', () => {
    const values = [{ name: ' x ' }];
    const base = plugin('base', { points: { tools: z.object({ name: z.string().trim() }) } });
    const giving = plugin('giving', { requires: { base: '*' }, contributes: { 'base.tools': values } });
    expect(report(base, giving)).toEqual([]);
    expect(values).toEqual([{ name: ' x ' }]);
  });
});

test('a service that needs something that nothing provides prevents the start', async () => {
  class Lost {
    constructor({ library }: any) {
      library.find();
    }
  }
  const lost = portalOn(home, [
    plugin('lost', { services: { lost: Lost }, tables: { t: none }, migrations: [sql('1', 'create table t (a int)')] }),
  ]);
  await lost.migrate();
  expect(await refusalOf(lost.prepare())).toContain('lost: nothing provides "library"');
});
