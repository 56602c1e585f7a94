import { randomUUID } from 'node:crypto';
import { definePlugin } from '@ilearn/core';
import type { ToolContribution } from '@ilearn/plugin-library';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { smallConfig, smallFiles, v, written } from './fixtures.js';
import { type LibraryPlatform, libraryPlatform, record } from './platform.js';

const tool: ToolContribution = {
  key: 'oefenaar',
  name: 'Oefenaar',
  provider: 'Oefenaar bv',
  activities: [
    {
      key: 'tafels',
      title: 'Tafels oefenen',
      minutes: 15,
      conceptUris: [v('getallen')],
      lti: { registration: 'oefenaar', targetLinkUri: 'https://oefenaar.be/tafels', custom: { tafel: '7' }, scoreMaximum: 10 },
    },
    { key: 'klok', title: 'Klokkijken', lti: { registration: 'oefenaar', targetLinkUri: 'http://localhost:9/klok' } },
  ],
};

const contributing = (...tools: ToolContribution[]) =>
  definePlugin({
    id: 'connector-oefenaar',
    version: '1.0.0',
    requires: { library: '^0.1.0' },
    contributes: { 'library.tools': tools },
  });

let platform: LibraryPlatform;
let school: string;
let other: string;

beforeAll(async () => {
  platform = await libraryPlatform([contributing(tool)], smallConfig);
  [school, other] = [await platform.school('De Regenboog'), await platform.school('De Kleurdoos')];
});
afterAll(() => platform?.stop());

const search = async (query: string) =>
  (await (await platform.as('teacher', school)).get(`/api/library/activities?q=${query}`)).body.activities;
const using = <T>(fn: (activities: import('@ilearn/plugin-library').Activities) => Promise<T>): Promise<T> =>
  platform.work('library', ({ activities }) => fn(activities));

describe('tools of other plugins', () => {
  it('are in the library once the portal has started', async () => {
    expect(await search('klokkijken')).toMatchObject([{ kind: 'lti', provider: 'Oefenaar bv', concepts: [] }]);
    const [id] = await using((activities) => activities.idsBySource('tool:oefenaar', ['tafels']));
    expect(await using((activities) => activities.contentOf(id as string))).toEqual({
      kind: 'lti',
      lti: { registration: 'oefenaar', targetLinkUri: 'https://oefenaar.be/tafels', custom: { tafel: '7' }, scoreMaximum: 10 },
    });
  });

  it('get their concepts if the scheme is imported later', async () => {
    expect(platform.log.join('')).toContain(v('getallen'));
    await platform.importSkos(smallFiles());
    expect(await search('getallenleer')).toMatchObject([{ title: 'Tafels oefenen', concepts: [{ label: 'getallenleer' }] }]);
  });

  it('are no longer found when no plugin contributes them, but existing references keep working', async () => {
    const before = await using((activities) => activities.idsBySource('tool:oefenaar', ['tafels', 'klok']));
    const synchronise = (tools: ToolContribution[]) =>
      platform.work('library', async (services) => {
        const { ToolCatalogue } = await import('../src/activities/tools.js');
        const catalogue = new ToolCatalogue({
          ...{ knex: services.knex, activities: services.activities, sharedEntries: services.sharedEntries },
          contributions: { of: () => tools.map((value) => ({ plugin: 'connector-oefenaar', value })) },
        } as any);
        return catalogue.synchronise();
      });
    const contributed = await platform.work('library', async ({ contributions }) => contributions.of('tools')[0].value);
    const only = { ...contributed, activities: contributed.activities.slice(0, 1) };
    expect(await synchronise([only])).toMatchObject({ added: 0, changed: 0, unchanged: 1, withdrawn: 1 });
    expect(await search('klokkijken')).toEqual([]);
    expect(await using((activities) => activities.get(before[1] as string))).toMatchObject({
      title: 'Klokkijken',
      available: false,
    });
    expect(await synchronise([contributed])).toMatchObject({ added: 0, changed: 1, unchanged: 1, withdrawn: 0 });
    expect(await using((activities) => activities.idsBySource('tool:oefenaar', ['tafels', 'klok']))).toEqual(before);
    expect(await search('klokkijken')).toHaveLength(1);
  });

  it('with an unsafe address, or a duplicate key, prevent the start, with the reason', async () => {
    const bad = {
      ...tool,
      activities: [{ key: 'x', title: 'x', lti: { registration: 'x', targetLinkUri: 'javascript:alert(1)' } }],
    };
    await expect(libraryPlatform([contributing(bad)])).rejects.toThrow(/must be a web address that starts with https/);
    await expect(libraryPlatform([contributing(tool, tool)])).rejects.toThrow(
      /library\.tools\[1\]\.key[\s\S]*The key "oefenaar" in library\.tools is already used/,
    );
  });
});

describe('upsert', () => {
  it('adds, changes or leaves activities unchanged, by source and source id', async () => {
    const one = record({ conceptUris: [v('taal')] });
    const first = await platform.upsert(one);
    expect(first).toMatchObject({ added: 1, changed: 0, unchanged: 0, unknownConcepts: [] });
    expect(await platform.upsert({ ...one })).toEqual({ ...first, added: 0, unchanged: 1 });
    expect(await platform.upsert({ ...one, title: 'Nieuwe titel' })).toEqual({ ...first, added: 0, changed: 1 });
    expect(await search('nieuwe+titel')).toHaveLength(1);
  });

  it('returns ids in the requested order, for hundreds at once', async () => {
    const records = Array.from({ length: 620 }, (_, n) => record({ title: `Reeks ${n}` }));
    const { ids, added } = await platform.upsert(...records);
    expect(added).toBe(620);
    expect((await using((activities) => activities.getMany(ids))).map(({ title }) => title)).toEqual(
      records.map(({ title }) => title),
    );
    const again = await platform.upsert(...[...records].reverse());
    expect(again).toMatchObject({ unchanged: 620, ids: [...ids].reverse() });
  });

  it('reports concepts that no scheme contains and stores the others', async () => {
    const one = record({ conceptUris: [v('taal'), v('onbekend')] });
    const { ids, unknownConcepts } = await platform.upsert(one);
    expect(unknownConcepts).toEqual([{ sourceId: one.sourceId, uri: v('onbekend') }]);
    expect(await using((activities) => activities.get(ids[0] as string))).toMatchObject({
      concepts: [{ uri: v('taal'), label: 'Nederlands' }],
    });
  });

  it.each([
    [
      'a link that runs a script',
      { content: { kind: 'link', url: 'javascript:alert(1)' } },
      /content\.url: must be a web address/,
    ],
    ['a link without encryption', { content: { kind: 'link', url: 'http://voorbeeld.be' } }, /content\.url/],
    ['a link with a password', { content: { kind: 'link', url: 'https://ik:geheim@voorbeeld.be' } }, /content\.url/],
    ['a difficulty of 6', { difficulty: 6 }, /difficulty: Too big/],
    ['ages the wrong way round', { ageFrom: 12, ageTo: 8 }, /ageTo: must not be less than ageFrom/],
    ['a NUL character', { title: 'a\0b' }, /title: must not contain a NUL character/],
    ['no title', { title: ' ' }, /title/],
  ])('stores nothing of a list with %s, and names the record', async (_what, over, message) => {
    const good = record({ title: 'Onopgemerkt' });
    const bad = record({ ...(over as object), sourceId: 'fout-1' });
    await expect(platform.upsert(good, bad)).rejects.toThrow(/"fout-1" of "test"/);
    await expect(platform.upsert(good, bad)).rejects.toThrow(message);
    expect(await search('onopgemerkt')).toEqual([]);
  });

  it('refuses the same identity twice in a list', async () => {
    const one = record();
    await expect(platform.upsert(one, { ...one, title: 'anders' })).rejects.toThrow('is in the list twice');
  });

  it('treats the same source as different for each school', async () => {
    const one = record({ school, title: 'Eigen exemplaar' });
    await platform.upsert(one);
    expect(await platform.upsert({ ...one, school: other })).toMatchObject({ added: 1 });
    expect(await search('eigen+exemplaar')).toHaveLength(1);
  });
});

describe('reading', () => {
  it('issue 12: has no content where what is stored cannot be read', async () => {
    const stored = record({ school, content: { kind: 'text', markdown: 'Lees dit.' } });
    const [id] = (await using((activities) => activities.upsert([stored]))).ids;
    const client = await platform.as('teacher', school);
    const read = async (query = '') => (await client.get(`/api/library/activities/${id}/content${query}`)).status;
    expect([await read(), await read('?written=true')]).toEqual([200, 200]);
    for (const content of [{}, { kind: 'video', url: 'https://example.be' }, { kind: 'text' }, { kind: 'link' }, 'text', 7, []]) {
      await platform.work('library', ({ knex }) =>
        knex('activities')
          .where({ id })
          .update({ content: JSON.stringify(content) }),
      );
      expect([await read(), await read('?written=true')], JSON.stringify(content)).toEqual([404, 404]);
    }
    expect(platform.log.join('')).toContain('the stored content of this activity cannot be read');
  });

  it('omits what does not exist, whatever the id', async () => {
    const { ids } = await platform.upsert(record());
    const asked = ['geen-id', randomUUID(), ids[0] as string, `'; drop table activities; --`];
    expect((await using((activities) => activities.getMany(asked))).map(({ id }) => id)).toEqual(ids);
    expect(await using((activities) => activities.get('geen-id'))).toBeNull();
    expect(await using((activities) => activities.contentOf(randomUUID()))).toBeNull();
  });

  it('accepts http for this machine only', async () => {
    await platform.upsert(record({ content: { kind: 'link', url: 'http://localhost:8080/x' } }));
    await expect(platform.upsert(record({ content: { kind: 'link', url: 'http://localhost.kwaad.be/' } }))).rejects.toThrow(
      'content.url',
    );
  });

  it('continues if a file changes nothing', async () => {
    const printed = await platform.importSkos([
      written('zelfde.ttl', (await import('./fixtures.js')).curriculum),
      written('g.ttl', (await import('./fixtures.js')).inUse),
    ]);
    expect(printed.some((line) => line.startsWith('Renewed'))).toBe(false);
  });
});
