import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginDefinition } from '@ilearn/core';
import { createTestPlatform, type TestClient } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import library from '@ilearn/plugin-library';
import lti from '@ilearn/plugin-lti';
import myway from '@ilearn/plugin-myway';
import search from '@ilearn/plugin-search';
import { createJiti } from 'jiti';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { checkPlugins } from '../../../core/dist/plugins/check.js';
import { PortalFolder } from '../../../core/test/support/command.js';
import { findEverywhere } from '../../../core/test/support/find-everywhere.js';
import { type Person, type World, withoutPages, worldOn } from '../../myway/test/world.js';
import { oddMessages, oddSources, searchRoute } from './odd-sources.js';

let world: World;
beforeAll(async () => {
  const plugins = [directory, library, lti, myway, search].map(withoutPages);
  world = await worldOn(await createTestPlatform({ plugins, settings: { logLevel: 'debug' } }));
});
afterAll(() => world?.stop());

interface Source {
  source: string;
  permission: string;
  address: string;
}

const sourcesOf = async (client: TestClient): Promise<Source[]> => (await client.get('/api/search/sources')).body.sources;

/** What somebody finds in all sources: `directory.people` → titles. */
async function found({ client }: Person, q: string): Promise<Record<string, string[]>> {
  const { permissions } = (await client.get('/api/kernel/session')).body.session as { permissions: string[] };
  const answers = (await sourcesOf(client)).map(async ({ source, permission, address }) => {
    const { status, body } = await client.get(`${address}?q=${encodeURIComponent(q)}&limit=20`);
    expect([address, status]).toEqual([address, permissions.includes(permission) ? 200 : 403]);
    return [source, status === 403 ? [] : body.results.map(({ title }: { title: string }) => title)] as const;
  });
  return Object.fromEntries((await Promise.all(answers)).filter(([, titles]) => titles.length > 0));
}

test('a teacher finds people, classes, paths and activities of the own school, and a pupil only the own paths', async () => {
  const { teacher, stranger, pupils, otherPupil, strangePupil, otherSchool } = world;
  const activity = await world.activity({ title: 'Zonnebloem tekenen' });
  const { id } = await world.path([activity], { title: 'De zonnebloem' });
  await world.path([activity], { title: 'Nog een zonnebloem, van een ander', school: otherSchool }, stranger);
  await world.assign(id, { pupilIds: [pupils[0].id] });

  expect(await sourcesOf(teacher.client)).toMatchObject(
    ['directory.people', 'directory.classes', 'myway.paths', 'myway.my-paths', 'library.activities'].map((source) => ({
      source,
    })),
  );
  expect(await found(teacher, 'zonnebloem')).toEqual({
    'myway.paths': ['De zonnebloem'],
    'library.activities': ['Zonnebloem tekenen'],
  });
  expect(await found(teacher, 'noor')).toEqual({
    'directory.people': ['Noor Aerts', 'Noor Jacobs', 'Noor Janssens', 'Noor Maes', 'Noor Peeters', 'Noor Willems'],
  });
  expect(await found(stranger, 'noor')).toEqual({ 'directory.people': ['Noor Claes', 'Noor Mertens'] });
  expect(await found(teacher, 'Claes')).toEqual({});
  expect((await found(teacher, '3B'))['directory.classes']).toEqual(['3B']);
  expect(await found(teacher, '1A')).toEqual({});

  expect(await found(pupils[0], 'zonnebloem')).toEqual({ 'myway.my-paths': ['De zonnebloem'] });
  for (const pupil of [pupils[1], otherPupil, strangePupil]) expect(await found(pupil, 'zonnebloem')).toEqual({});
  expect(await found(pupils[0], 'noor')).toEqual({});
  expect((await world.platform.client().get('/api/search/sources')).status).toBe(401);
});

test('words are found without accents and in another Dutch form; a result leads to its page', async () => {
  const { teacher, school } = world;
  await world.platform.work('directory', ({ knex }) =>
    knex('people').where({ id: world.pupils[1].id }).update({ given_name: 'Zoë' }),
  );
  const { body } = await teacher.client.get('/api/directory/search/people?q=PEETERS%20zoe');
  expect(body).toEqual({
    results: [{ title: 'Zoë Peeters', detail: '3A', place: `/personen/${world.pupils[1].id}` }],
    more: false,
  });
  const { id } = await world.path([await world.activity()], { title: 'Breuken vereenvoudigen' });
  const paths = (await teacher.client.get('/api/myway/search/paths?q=breuk')).body;
  expect(paths.results).toEqual([{ title: 'Breuken vereenvoudigen', detail: null, place: `/paden/${id}` }]);
  const activity = await world.activity({ title: 'Werkblad', provider: 'Uitgever', school });
  const activities = (await teacher.client.get('/api/library/search/activities?q=werkbladen')).body;
  expect(activities.results).toEqual([{ title: 'Werkblad', detail: 'Uitgever', place: `/bibliotheek/${activity}` }]);
});

test('a group is found by its teacher and not by a colleague, and people who left or have no class are not found', async () => {
  const { teacher, colleague, school, pupils } = world;
  await world.group({ school, name: 'Extra hulp', kind: 'group', teachers: [teacher], pupils: [pupils[0]] });
  expect((await found(teacher, 'extra'))['directory.classes']).toEqual(['Extra hulp']);
  expect(await found(colleague, 'extra')).toEqual({});
  const gone = await world.person('pupil', school, 'Vertrokken');
  const without = await world.person('pupil', school, 'Klasloos');
  await world.group({ school, name: '5C', teachers: [teacher], pupils: [gone] });
  expect(Object.keys(await found(teacher, 'Vertrokken'))).toEqual(['directory.people']);
  await world.platform.work('directory', ({ knex }) => knex('people').where({ id: gone.id }).update({ active: false }));
  expect(await found(teacher, 'Vertrokken')).toEqual({});
  expect([without.id, await found(teacher, 'Klasloos')]).toEqual([without.id, {}]);
});

test('questions and answers are bounded', async () => {
  const { client } = world.teacher;
  for (const { address } of await sourcesOf(client)) {
    if (address.includes('my-paths')) continue;
    for (const query of ['', 'q=x', 'q=%20x%20', `q=${'x'.repeat(101)}`, 'q=xx&limit=21', 'q=xx&limit=0', 'q=a%00b']) {
      expect([address, query, (await client.get(`${address}?${query}`)).status]).toEqual([address, query, 400]);
    }
    expect([address, (await client.get(`${address}?q=${encodeURIComponent(`%_\\'"&|!:* 💡`)}`)).status]).toEqual([address, 200]);
  }
  const { body } = await client.get('/api/directory/search/people?q=noor&limit=2');
  expect([body.results.length, body.more]).toEqual([2, true]);
});

test('what people search for is neither logged nor stored', async () => {
  const { platform, teacher } = world;
  const word = 'qzxwvkindernaam';
  platform.log.length = 0;
  await found(teacher, word);
  await platform.drain();
  expect(platform.log.length).toBeGreaterThan(5);
  expect(platform.log.join('')).not.toContain(word);
  expect(await findEverywhere(platform, [word])).toEqual([]);
});

test('a contribution that is no source is a fault of its plugin, with the place', () => {
  const good = searchRoute(() => ({ results: [], more: false }));
  const faultsOf = (over: object) => {
    const contribution = { kind: 'things', messages: oddMessages, label: 'found.odd', icon: 'circle', route: good, ...over };
    const partner = {
      id: 'partner',
      version: '1.0.0',
      optional: { search: '^0.1.0' },
      contributes: { 'search.sources': [contribution] },
    };
    const plugins = [search, partner].map(({ ui: _, ...definition }: any) => ({
      ...{ definition, origin: definition.id, rawConfig: undefined },
    }));
    return checkPlugins(plugins).faults.map(({ plugin, where, message }) => `${plugin} ${where.split('].')[1]}: ${message}`);
  };
  expect(faultsOf({})).toEqual([]);
  const answer = z.object({ results: z.array(z.object({ name: z.string() })).max(9), more: z.boolean() });
  const cases: [object, string][] = [
    [{ kind: 'Things' }, 'kind: must be lower-case'],
    [{ icon: '<svg>' }, 'icon: must be the name of an icon'],
    [{ label: 'found.nothing' }, 'label: found.nothing is missing in nl.json'],
    [{ messages: new URL('file:///nowhere/') }, 'label: nl.json cannot be read'],
    [{ route: '/found' }, 'route: must be a route of the plugin'],
    [{ route: { ...good, method: 'POST' } }, 'route: must be a GET route'],
    [{ route: { ...good, path: '/found/:id' } }, 'route: must have a path without parameters'],
    [{ route: { ...good, permission: 'public' } }, 'route: must not be public'],
    [{ route: { ...good, timeoutMs: undefined } }, 'route: must have a time limit'],
    [{ route: { ...good, query: undefined } }, 'route: must take the query q'],
    [
      { route: { ...good, query: z.object({ q: z.string().max(10), limit: z.coerce.number() }) } },
      'route: must take the query q',
    ],
    [{ route: { ...good, responses: { 200: answer } } }, 'route: must answer { results'],
    [{ route: { ...good, responses: {} } }, 'route: must answer { results'],
  ];
  for (const [over, fault] of cases) expect(faultsOf(over)).toContainEqual(expect.stringContaining(`partner ${fault}`));
});

test('a source that throws or hangs fails alone, and is told to whoever asked', async () => {
  const platform = await createTestPlatform({ plugins: [search, ...oddSources].map(withoutPages) });
  const client = await platform.signIn('33333333-3333-4333-8333-333333333333');
  const answers = (await sourcesOf(client)).map(async ({ source, address }) => [
    source,
    (await client.get(`${address}?q=xx&limit=5`)).status,
  ]);
  expect(Object.fromEntries(await Promise.all(answers))).toEqual({
    'broken.things': 500,
    'hanging.things': 503,
    'gated.things': 200,
    'odd.things': 200,
  });
  await platform.stop();
});

test('the plugin of docs/plugins.md works as written', async () => {
  const page = readFileSync(new URL('../../../docs/plugins.md', import.meta.url), 'utf8');
  const [, source = ''] = /## Search\n[\s\S]*?```ts\n([\s\S]*?)```/.exec(page) ?? [];
  const folder = new PortalFolder().write('trips', 'src/index.ts', source);
  for (const language of ['nl', 'en', 'fr'])
    folder.write('trips', `messages/${language}.json`, '{ "search": { "trips": "Reizen" } }');
  const { default: trips } = await createJiti(import.meta.url).import<{ default: PluginDefinition }>(
    join(folder.path, 'node_modules', 'trips', 'src', 'index.ts'),
  );
  const platform = await createTestPlatform({ plugins: [withoutPages(search), trips] });
  await folder.remove();
  try {
    const [own, other] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'];
    await platform.work('trips', ({ knex }) =>
      knex('trips').insert(
        [own, other].map((school_id) => ({ school_id, title: `Naar zee van ${school_id}`, place: 'Oostende' })),
      ),
    );
    await platform.grant(own, [{ tenant: own, role: 'pupil' }]);
    const client = await platform.signIn(own);
    const [found] = await sourcesOf(client);
    expect(found).toMatchObject({ source: 'trips.trips', permission: 'trip:read', labels: { nl: 'Reizen' } });
    const { body } = await client.get(`${found?.address}?q=ZEE&limit=6`);
    expect(body).toEqual({
      results: [{ title: `Naar zee van ${own}`, detail: 'Oostende', place: expect.stringMatching(/^\/reizen\//) }],
      more: false,
    });
  } finally {
    await platform.stop();
  }
});

test('commands and keys of plugins are listed for whoever is signed in, and what does not fit is a fault of its plugin', async () => {
  const { status, body } = await world.teacher.client.get('/api/search/commands');
  expect(status).toBe(200);
  expect(body.shortcuts).toContainEqual({
    labels: { nl: 'Maak de laatste wijziging ongedaan', en: 'Undo the last change', fr: 'Annuler la dernière modification' },
    keys: ['Control', 'z'],
    page: '/paden/:id',
    permission: 'path:write',
  });
  expect(body.commands).toContainEqual(
    expect.objectContaining({ command: 'myway.new-path', place: '/paden?nieuw', permission: 'path:write' }),
  );
  expect((await world.platform.client().get('/api/search/commands')).status).toBe(401);

  const command = {
    kind: 'act',
    messages: oddMessages,
    label: 'found.odd',
    icon: 'map',
    permission: 'signed-in',
    place: '/odd',
  };
  const shortcut = { messages: oddMessages, label: 'found.odd', keys: ['j'], page: '/odd', permission: 'signed-in' };
  const faultsOf = (contributes: object) => {
    const partner = {
      id: 'partner',
      version: '1.0.0',
      requires: { search: '^0.1.0' },
      contributes,
    } as unknown as PluginDefinition;
    const plugins = [search, partner].map(({ ui: _, ...definition }: any) => ({
      ...{ definition, origin: definition.id, rawConfig: undefined },
    }));
    return checkPlugins(plugins).faults.map(({ where, message }) => `${where.split('].')[1]}: ${message}`);
  };
  expect(faultsOf({ 'search.commands': [command], 'search.shortcuts': [shortcut] })).toEqual([]);
  const cases: [object, string][] = [
    [{ place: 'https://evil.example/' }, 'place: must be the path of a page'],
    [{ place: '//evil.example' }, 'place: must be the path of a page'],
    [{ label: 'found.nothing' }, 'label: found.nothing is missing in nl.json'],
    [{ words: 'found.nothing' }, 'words: found.nothing is missing in nl.json'],
  ];
  for (const [over, fault] of cases)
    expect(faultsOf({ 'search.commands': [{ ...command, ...over }] })).toContainEqual(expect.stringContaining(fault));
  expect(faultsOf({ 'search.shortcuts': [{ ...shortcut, keys: [] }] })).not.toEqual([]);
});
