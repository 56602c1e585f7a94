import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { PluginDefinition } from '@ilearn/core';
import blocklyGames from '@ilearn/plugin-connector-blockly-games';
import geogebra from '@ilearn/plugin-connector-geogebra';
import microbit from '@ilearn/plugin-connector-microbit';
import musicLab from '@ilearn/plugin-connector-music-lab';
import openstreetmap from '@ilearn/plugin-connector-openstreetmap';
import phet from '@ilearn/plugin-connector-phet';
import practice from '@ilearn/plugin-connector-practice';
import scratch from '@ilearn/plugin-connector-scratch';
import wikipedia from '@ilearn/plugin-connector-wikipedia';
import directory from '@ilearn/plugin-directory';
import library from '@ilearn/plugin-library';
import { defineConnector } from '@ilearn/plugin-library/connector';
import lti from '@ilearn/plugin-lti';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkPlugins } from '../../../core/dist/plugins/check.js';
import { writeConnector } from '../dist/connectors/write-connector.js';
import { realData } from './fixtures.js';
import { type LibraryPlatform, libraryPlatform } from './platform.js';

const free = [blocklyGames, geogebra, microbit, musicLab, openstreetmap, phet, scratch, wikipedia];

const sound = {
  id: 'connector-words',
  version: '0.1.0',
  name: 'Woordenschat',
  provider: 'Woordenschat vzw',
  description: 'Woorden leren.',
  languages: ['nl'],
  ages: { from: 6, to: 12 },
  price: 'free',
  account: 'none',
  data: [],
  privacyStatement: 'https://words.example/privacy',
  help: 'mailto:help@words.example',
  activities: [{ key: 'game', title: 'Het woordenspel', url: 'https://words.example/game' }],
};
// As a provider without a compiler writes it.
const define = (over: object = {}): PluginDefinition => defineConnector({ ...sound, ...over } as never);

const faultsOf = (connector: PluginDefinition): string[] => {
  const plugins = [directory, library, lti, connector].map(({ ui: _, ...definition }) => ({
    ...{ definition, origin: definition.id, rawConfig: undefined },
  }));
  return checkPlugins(plugins).faults.map(({ plugin, where, message }) => {
    expect(plugin).toBe('connector-words');
    return `${where.replace('contributes.library.tools[0].', '')}: ${message}`;
  });
};

describe('a connector', () => {
  const folder = mkdtempSync(join(tmpdir(), 'ilearn-logo-'));
  afterAll(() => rmSync(folder, { recursive: true }));
  const file = (name: string, content: string | Buffer): URL => {
    writeFileSync(join(folder, name), content);
    return pathToFileURL(join(folder, name));
  };
  const svg = (content: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8">${content}</svg>`;

  test('of a few lines is sound, with links, with LTI, with texts and with a logo', () => {
    expect(faultsOf(define())).toEqual([]);
    expect(faultsOf(define({ logo: file('good.svg', svg('<circle r="4" fill="url(#a)"/>')) }))).toEqual([]);
    const text = { key: 'why', title: 'Waarom?', markdown: { nl: 'een', en: 'one', fr: 'un' } };
    expect(faultsOf(define({ activities: [...sound.activities, text] }))).toEqual([]);
    const registration = {
      ...{ clientId: 'words', deploymentId: '1', loginUrl: 'https://words.example/login' },
      ...{ redirectUris: ['https://words.example/launch'], jwksUrl: 'https://words.example/jwks' },
    };
    const lesson = { key: 'animals', title: 'Dieren', lti: { targetLinkUri: 'https://words.example/launch', scoreMaximum: 10 } };
    const connector = define({ lti: registration, activities: [lesson] });
    expect(faultsOf(connector)).toEqual([]);
    expect(connector.requires).toEqual({ library: '^0.1.0', lti: '^0.1.0' });
    expect(connector.contributes).toMatchObject({
      'lti.registrations': [{ key: 'words', name: 'Woordenschat', release: { name: false, email: false } }],
      'library.tools': [{ activities: [{ kind: 'lti', ageFrom: 6, ageTo: 12, language: 'nl', lti: { registration: 'words' } }] }],
    });
  });

  test.each([
    [{ privacyStatement: undefined }, /^about\.privacyStatement: is missing: the address of its privacy statement/],
    [
      { privacyStatement: 'http://words.example/privacy' },
      /^about\.privacyStatement: must be a web address that starts with https/,
    ],
    [{ help: undefined }, /^about\.help: is missing/],
    [{ help: 'javascript:alert(1)' }, /^about\.help: must be an address that starts with https:\/\/ or mailto:/],
    [{ price: undefined }, /^about\.price: must be "free", or what it costs in each of nl, en and fr/],
    [{ price: '2 euro' }, /^about\.price: must be "free"/],
    [{ price: { nl: '2 euro', en: '2 euros' } }, /^about\.price: /],
    [{ account: 'no' }, /^about\.account: must be none, optional or required/],
    [{ data: undefined }, /^about\.data: is missing: list what it asks of people and why/],
    [
      { data: [{ what: { nl: 'naam', en: 'name', fr: 'nom' } }] },
      /^about\.data\.0\.why: must be a text in each of nl, en and fr/,
    ],
    [{ languages: undefined }, /^about\.languages: is missing/],
    [{ languages: ['Dutch!'] }, /^about\.languages\.0: must be a language code/],
    [{ ages: { from: 12, to: 6 } }, /^about\.ages\.to: must not be less than from/],
    [{ privacyStatment: 'https://words.example' }, /^about: .*"privacyStatment"/],
    [{ activities: [{ key: 'a', title: 'A', url: 'http://words.example' }] }, /^activities\.0\.url: must be a web address/],
    [{ activities: [{ key: 'a', title: 'A' }] }, /^activities\.0\.lti: is missing/],
    [{ activities: 'none' }, /^activities: /],
  ])('with %o is refused with its place', (over, fault) => {
    expect(faultsOf(define(over)).join('\n')).toMatch(fault);
  });

  test.each([
    ['script.svg', svg('<script>alert(1)</script>'), /must not contain scripts/],
    ['handler.svg', svg('<g onload="x()"/>'), /must not contain scripts/],
    ['outside.svg', svg('<image href="https://evil.example/x.png"/>'), /load anything from elsewhere/],
    ['style.svg', svg('<style>@import "https://evil.example";</style>'), /load anything from elsewhere/],
    ['entity.svg', `<!DOCTYPE svg [<!ENTITY a "b">]>${svg('&a;')}`, /must not contain scripts/],
    ['text.svg', 'no picture', /is not an SVG picture/],
    ['text.png', 'no picture', /is not a PNG picture/],
    ['photo.jpg', 'x', /must be an SVG or PNG file in the package/],
    ['large.svg', svg(`<desc>${'x'.repeat(40_000)}</desc>`), /must be at most 32 KiB; this is 40 KiB/],
  ])('with the logo %s is refused', (name, content, fault) => {
    expect(faultsOf(define({ logo: file(name, content) })).join('\n')).toMatch(fault);
  });

  test('with a logo that is not in the package is refused, and its own code still runs', () => {
    expect(faultsOf(define({ logo: new URL('missing.svg', pathToFileURL(`${folder}/`)) }))).toEqual([
      expect.stringMatching(/^about\.logo: must be an SVG or PNG file in the package; got file:.*missing\.svg/),
    ]);
  });
});

describe('`ilearn connector new`', () => {
  // Below the repository, where the packages that a connector imports are found.
  const cache = fileURLToPath(new URL('../../../node_modules/.cache/ilearn/', import.meta.url));
  mkdirSync(cache, { recursive: true });
  const parent = mkdtempSync(join(cache, 'connectors-'));
  afterAll(() => rmSync(parent, { recursive: true }));
  const command = library.commands?.find(({ name }) => name === 'connector new');
  const create = async (args: string[], options: Record<string, string | boolean>) => {
    const printed: string[] = [];
    await command?.run({ args, options: { in: parent, ...options }, print: (line: string) => void printed.push(line) } as never);
    return printed.join('\n');
  };

  test.each([
    ['letters', { lti: true }],
    ['word-trainer', {}],
  ])('writes the connector %s, which is sound as it is', async (key, options) => {
    const printed = await create([key], options);
    expect(printed).toContain(`npx -p @ilearn/core ilearn connector check ${key}`);
    const folder = join(parent, `ilearn-plugin-connector-${key}`);
    expect(readdirSync(folder).sort()).toEqual(['README.md', 'index.js', 'logo.svg', 'package.json']);
    const { default: written } = (await import(pathToFileURL(join(folder, 'index.js')).href)) as { default: PluginDefinition };
    expect(written.id).toBe(`connector-${key}`);
    const plugins = [directory, library, lti, written].map(({ ui: _, ...definition }) => ({
      ...{ definition, origin: definition.id, rawConfig: undefined },
    }));
    expect(checkPlugins(plugins).faults).toEqual([]);
    const peers = Object.keys(JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).peerDependencies);
    expect(peers.includes('@ilearn/plugin-lti')).toBe('lti' in options);
  });

  test('writes nothing over what is there, or under a name that is none', async () => {
    await create(['numbers'], {});
    const before = readdirSync(parent);
    await expect(create(['numbers'], {})).rejects.toThrow('already exists and is not empty');
    await expect(create([], {})).rejects.toThrow('Give one name');
    for (const key of ['Letters', '../up', 'a_b', 'x'.repeat(31), '', '1a', 'a--b'])
      expect(() => writeConnector({ key, parent, lti: false })).toThrow('cannot be the name of a connector');
    expect(readdirSync(parent)).toEqual(before);
  });
});

describe('the connectors of this repository', () => {
  let platform: LibraryPlatform;
  let here: string;
  let there: string;
  type Client = Awaited<ReturnType<LibraryPlatform['as']>>;
  let teacher: Client;
  let coordinator: Client;
  let neighbour: Client;

  beforeAll(async () => {
    platform = await libraryPlatform([...free, { ...lti, ui: undefined } as unknown as PluginDefinition, practice]);
    here = await platform.school('De Regenboog');
    there = await platform.school('De Kleurdoos');
    teacher = await platform.as('teacher', here);
    coordinator = await platform.as('ict-coordinator', here);
    neighbour = await platform.as('teacher', there);
  });
  afterAll(() => platform?.stop());

  const find = async (query: Record<string, string>, client: Client = teacher) =>
    (await client.get(`/api/library/activities?${new URLSearchParams({ pageSize: '100', ...query })}`)).body;
  const tools = async (client: Client) => (await client.get('/api/library/tools')).body;

  test('offer five to fifteen activities each, over https, with facts and without an account that pupils need', async () => {
    const { tools: listed } = await tools(teacher);
    expect(listed).toHaveLength(9);
    for (const { key, activities, about, hosts } of listed) {
      expect(activities, key).toBeGreaterThanOrEqual(5);
      expect(activities, key).toBeLessThanOrEqual(15);
      expect(about, key).toMatchObject({ price: null, logo: expect.stringMatching(/^data:image\/svg\+xml;base64,/) });
      expect(['none', 'optional'], key).toContain(about.account);
      if (key !== 'practice')
        expect([hosts.length, about.data, about.privacyStatement.startsWith('https://')], key).toEqual([1, [], true]);
    }
  });

  test('name only concepts that the curriculum holds', async () => {
    // What MyWay used where it is at hand, else the demonstration's part of it.
    const parts = ['primary-school', 'connectors'].map((name) =>
      fileURLToPath(new URL(`../../demo/data/curriculum/${name}.ttl`, import.meta.url)),
    );
    await platform.importSkos(realData?.skos ?? parts);
    const printed: string[] = [];
    const command = library.commands?.find(({ name }) => name === 'connector check');
    const run = (args: string[]) =>
      command?.run({
        ...{ args, options: {}, progress: { start: () => {}, advance: () => {}, stop: () => {} }, http: undefined as never },
        work: (fn) => platform.work('library', fn),
        print: (line) => void printed.push(line),
      });
    expect(await run([]), printed.join('\n')).toBe(0);
    expect(printed).toHaveLength(9);
    await expect(run(['scrach'])).rejects.toThrow(/No plugin in service contributes a tool "scrach"[\s\S]*scratch/);
  });

  test('show a teacher the facts of the tool on the activity, in the language of the reader', async () => {
    const { activities } = await find({ q: 'tafels van 2' });
    const { body } = await teacher.get(`/api/library/activities/${activities[0].id}`, { headers: { 'accept-language': 'fr' } });
    expect(body.tool).toMatchObject({
      name: 'Oefenhoek',
      about: { price: null, data: [{ what: 'un pseudonyme de l’élève' }, {}] },
    });
  });

  test('are in the facet of access, with the count that a click gives', async () => {
    const { facets, total } = await find({});
    const access = facets.find(({ key }: { key: string }) => key === 'access');
    expect(access.values).toEqual([expect.objectContaining({ value: 'open', count: total })]);
    expect((await find({ access: 'open', kind: 'lti' })).total).toBe(9);
    expect((await find({ access: 'paid' })).total).toBe(0);
  });

  test('are switched off for one school by its ICT coordinator, and on again', async () => {
    const address = (school: string) => `/api/library/tools/scratch/schools/${school}`;
    const [scratchActivity] = (await find({ q: 'scratch pong' })).activities;
    expect((await teacher.put(address(here), { on: false })).status).toBe(403);
    expect((await coordinator.put(address(there), { on: false })).status).toBe(403);
    expect((await coordinator.put('/api/library/tools/nothing/schools/'.concat(here), { on: false })).status).toBe(404);
    expect((await find({ q: 'scratch' })).total).toBe(8);

    expect((await coordinator.put(address(here), { on: false })).status).toBe(204);
    expect((await coordinator.put(address(here), { on: false })).status).toBe(204);
    expect((await find({ q: 'scratch' })).total).toBe(0);
    expect(
      (await find({})).facets
        .find(({ key }: { key: string }) => key === 'provider')
        .values.map(({ value }: { value: string }) => value),
    ).not.toContain('Scratch Foundation');
    expect((await teacher.get(`/api/library/activities/${scratchActivity.id}`)).body.available).toBe(false);
    expect((await find({ q: 'scratch' }, neighbour)).total).toBe(8);
    expect((await tools(neighbour)).tools.find(({ key }: { key: string }) => key === 'scratch').switchedOff).toEqual([]);
    expect((await tools(coordinator)).tools.find(({ key }: { key: string }) => key === 'scratch').switchedOff).toEqual([here]);
    // Somebody of two schools has it as long as one of them does.
    const both = await platform.as('teacher', here, there);
    expect((await find({ q: 'scratch' }, both)).total).toBe(8);

    expect((await coordinator.put(address(here), { on: true })).status).toBe(204);
    expect((await find({ q: 'scratch' })).total).toBe(8);
  });
});

test('the README of each connector is of that connector', () => {
  for (const { id } of [...free, practice])
    expect(readFileSync(new URL(`../../${id}/README.md`, import.meta.url), 'utf8')).toContain(`# @ilearn/plugin-${id}`);
});
