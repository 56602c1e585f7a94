import { handlerFor, type PluginDefinition, type Route } from '@ilearn/core';
import { createTestPlatform, openTestHome, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { checkPlugins } from '../dist/plugins/check.js';
import { inOrder } from '../dist/plugins/plugin-graph.js';
import { lotte, none, plugin, sql } from './support/fixtures.js';
import { portalOn } from './support/portal.js';

const played = z.object({ song: z.string() });

class Songs {
  readonly #knex;
  readonly #contributions;
  constructor({ knex, contributions }: any) {
    this.#knex = knex;
    this.#contributions = contributions;
  }
  async all(): Promise<string[]> {
    return this.#knex('songs').pluck('title');
  }
  async instruments(): Promise<string[]> {
    return this.#contributions.of('instruments').map(({ plugin: by, value }: any) => `${by}: ${value.name} ×${value.strings}`);
  }
}

/** What may be there. */
const radioOf = (version: string): PluginDefinition => ({
  ...plugin('radio', {
    permissions: { 'radio:listen': ['pupil'] },
    tables: { songs: none },
    migrations: [
      sql(
        '0001',
        `create table songs (title text); insert into songs values ('Zeil'); create view all_songs as select title from songs`,
      ),
    ],
    services: { songs: Songs },
    exports: { services: ['songs'], views: ['all_songs'] },
    points: { instruments: z.object({ name: z.string(), strings: z.int().default(4) }) },
    events: { played },
  }),
  version,
});
const radio = radioOf('1.0.0');

const get = (path: string, permission: string, handler: (input: any) => any) =>
  ({
    method: 'GET',
    path,
    summary: 'x',
    permission,
    ...(permission === 'public' ? {} : { machines: { none: 'a test' } }),
    responses: { 200: z.array(z.string()).max(100) },
    handler,
  }) as Route;

/** What works with and without it. */
const band = plugin('band', {
  optional: { radio: '^1.0.0' },
  tables: { heard: none },
  migrations: [sql('0001', 'create table heard (song text)')],
  contributes: { 'radio.instruments': [{ name: 'viool' }] },
  on: {
    'radio.played': handlerFor<any>()(played, ({ payload, services: { knex } }) => knex('heard').insert(payload)),
  },
  routes: [
    get('/songs', 'public', async ({ services: { radio: there } }) => (there === undefined ? ['stilte'] : there.songs.all())),
    get('/seen', 'public', ({ services: { knex, radio: there } }) =>
      there === undefined ? [] : knex('radio.all_songs').pluck('title'),
    ),
    get('/heard', 'public', ({ services: { knex } }) => knex('heard').pluck('song')),
    get('/listen', 'radio:listen', () => ['luister']),
  ],
});
/** Stands on what works with and without it. */
const fan = plugin('fan', { requires: { band: '^1.0.0' }, routes: [get('/here', 'public', () => ['ja'])] });

let portal: TestPlatform;
const operate = (command: any, id = '', options = {}) => portal.platform.operate({ command, id, options });
const body = async (path: string) => (await portal.client().get(`/api/${path}`)).body;
const status = async (path: string) => (await portal.client().get(`/api/${path}`)).status;
const publish = (song: string) => portal.work('radio', ({ events }) => events.publish('played', { song }));
const instruments = () => portal.work('radio', ({ songs }) => songs.instruments());

describe('newcomer 16: without an optional plugin', () => {
  beforeAll(async () => {
    portal = await createTestPlatform({ plugins: [band, fan] });
  });
  afterAll(() => portal?.stop());

  test('a plugin starts, and what it contributes there is left out', async () => {
    expect(await body('band/songs')).toEqual(['stilte']);
    expect(await body('band/seen')).toEqual([]);
    expect(await body('fan/here')).toEqual(['ja']);
  });

  test('nobody has the permissions of the absent one', async () => {
    await portal.grant(lotte, [{ tenant: null, role: 'pupil' }]);
    expect((await (await portal.signIn(lotte)).get('/api/band/listen')).status).toBe(403);
  });
});

describe('newcomer 16: with an optional plugin', () => {
  beforeAll(async () => {
    // The optional one is named last, and comes first.
    portal = await createTestPlatform({ plugins: [band, fan, radio], required: [], settings: { rolePrefix: 'optional' } });
  });
  afterAll(() => portal?.stop());

  const everything = async () => {
    expect(await body('band/songs')).toEqual(['Zeil']);
    expect(await body('band/seen')).toEqual(['Zeil']);
    expect(await instruments()).toEqual(['band: viool ×4']);
    await portal.grant(lotte, [{ tenant: null, role: 'pupil' }]);
    expect((await (await portal.signIn(lotte)).get('/api/band/listen')).body).toEqual(['luister']);
  };

  test('its exports, views, points, events and permissions are available', async () => {
    await everything();
    await publish('een');
    await portal.drain();
    expect(await body('band/heard')).toEqual(['een']);
  });

  test('when it is disabled, what was contributed to it is removed, and nothing else', async () => {
    expect((await operate('disable', 'radio')).code).toBe(0);
    expect(await body('band/songs')).toEqual(['stilte']);
    expect(await body('band/seen')).toEqual([]);
    expect(await body('fan/here')).toEqual(['ja']);
    expect((await (await portal.signIn(lotte)).get('/api/band/listen')).status).toBe(403);
  });

  test('when it is enabled again, everything is back', async () => {
    expect((await operate('enable', 'radio')).code).toBe(0);
    await everything();
    await publish('twee');
    await portal.drain();
    expect(await body('band/heard')).toEqual(['een', 'twee']);
  });

  test('when it is purged, its views are removed, and the other plugin stays in service', async () => {
    await operate('disable', 'radio');
    const { code, lines } = await operate('purge', 'radio', { yes: true });
    expect([code, lines.join('\n')]).toEqual([0, expect.any(String)]);
    expect(await status('band/heard')).toBe(200);
  });
});

test('newcomer 16: one that was disabled at the start of the portal is used once it is enabled', async () => {
  const home = await openTestHome();
  const open = () => portalOn(home, [radio, band], { required: [] });
  try {
    const before = open();
    await before.start();
    await before.operate({ command: 'disable', id: 'radio', options: {} });
    await before.stop();
    const portal = open();
    const port = await portal.start();
    const seen = async () => (await fetch(`http://127.0.0.1:${port}/api/band/seen`)).json();
    try {
      expect(await seen()).toEqual([]);
      await portal.operate({ command: 'enable', id: 'radio', options: {} });
      expect(await seen()).toEqual(['Zeil']);
    } finally {
      await portal.stop();
    }
  } finally {
    await home.close();
  }
});

const check = (...definitions: PluginDefinition[]) =>
  checkPlugins(definitions.map((definition) => ({ definition, origin: `@test/${definition.id}`, rawConfig: undefined })));
const report = (...definitions: PluginDefinition[]) =>
  check(...definitions).faults.map(({ plugin: id, where, message }) => `${id} › ${where}: ${message}`);

test('newcomer 16: a version out of range is a fault that names both versions', () => {
  expect(report(radioOf('2.0.0'), band)).toEqual([
    'band › optional.radio: It may use radio ^1.0.0, which is optional; installed is radio 2.0.0.',
  ]);
});

test('newcomer 16: using what the optional plugin does not have is a fault while it is present', () => {
  const wrong = plugin('wrong', {
    optional: { radio: '^1.0.0' },
    contributes: { 'radio.instruments': [{ name: 1 }], 'radio.drums': [] },
    on: { 'radio.stopped': () => {} },
  });
  expect(report(wrong)).toEqual([]);
  expect(report(radio, wrong)).toEqual([
    expect.stringContaining('wrong › contributes.radio.instruments[0].name'),
    'wrong › contributes.radio.drums: radio has no point "drums".',
    'wrong › on.radio.stopped: radio publishes no event "stopped".',
  ]);
});

test('newcomer 16: faulty declarations are reported', () => {
  expect(report(radio, plugin('band', { optional: { radio: 'one' } }))).toEqual([
    'band › optional.radio: "one" is not a semver range.',
  ]);
  expect(report(radio, plugin('band', { optional: { radio: '^1.0.0' }, requires: { radio: '^1.0.0' } }))).toEqual([
    'band › optional.radio: "radio" is under requires too.',
  ]);
  expect(report(plugin('band', { optional: { band: '^1.0.0' } }))).toEqual(['band › optional: It names itself as optional.']);
});

test('newcomer 16: two plugins that may use each other both load, in either order', () => {
  const one = plugin('one', { optional: { two: '^1.0.0' } });
  const two = plugin('two', { optional: { one: '^1.0.0' }, requires: { zero: '^1.0.0' } });
  const zero = plugin('zero', {});
  const { plugins, faults } = check(one, two, zero);
  expect(faults).toEqual([]);
  expect(inOrder(plugins).map(({ id }) => id)).toEqual(['zero', 'one', 'two']);
  expect(check(band, radio).plugins.map(({ id }) => id)).toEqual(['radio', 'band']);
});

test('plugins that may use each other in a circle leave the order of all others as it is', () => {
  const shop = plugin('shop', { optional: { cards: '^1.0.0' } });
  const cards = plugin('cards', { optional: { show: '^1.0.0' } });
  const show = plugin('show', { requires: { shop: '^1.0.0' } });
  const late = plugin('late', { optional: { shop: '^1.0.0' } });
  const { plugins, faults } = check(late, show, cards, shop);
  expect(faults).toEqual([]);
  // A circle stays where its own plugins require it; `late` still comes after what it may use.
  const order = inOrder(plugins).map(({ id }) => id);
  expect(order.indexOf('shop')).toBeLessThan(order.indexOf('show'));
  expect(order.indexOf('shop')).toBeLessThan(order.indexOf('late'));
});
