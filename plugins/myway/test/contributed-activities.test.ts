import { symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PortalFolder } from '../../../core/test/support/command.js';
import { serverForTests } from '../../../core/test/support/database.js';
import { openFolder } from './support/folder-portal.js';
import { type World, worldOn } from './world.js';

// A partner's packages in a portal's own folder, loaded by the kernel; two web processes on one PostgreSQL.
const ours = ['directory', 'library', 'lti', 'myway'];
const registration = (key: string) => `{ key: '${key}', name: 'Rekentuin', clientId: '${key}', deploymentId: '1',
  loginUrl: 'https://rekentuin.example/login', redirectUris: ['https://rekentuin.example/launch'],
  jwksUrl: 'https://rekentuin.example/jwks', release: { name: false, email: false } }`;

/** It cannot be imported, its start fails, or its stop hangs, for as long as the test wants. */
const partner = (more = '') => `
import { definePlugin } from '@ilearn/core';
const wish = globalThis.partnerWish;
if (wish.missing) throw new Error('no pump at all');
export default definePlugin({
  id: 'partner', version: '1.0.0', requires: { library: '^0.1.0', lti: '^0.1.0' },
  contributes: {
    'lti.registrations': [${registration('rekentuin')}],
    'library.tools': [{ key: 'rekentuin', name: 'Rekentuin', provider: 'Rekentuin bv', activities: [
      { key: 'tafels', title: 'Reuzentafels', lti: { registration: 'rekentuin', targetLinkUri: 'https://rekentuin.example/tafels' } },
      { key: 'site', kind: 'link', title: 'Reuzensite', url: 'https://rekentuin.example/spel' },
      { key: 'pagina', kind: 'link', title: 'Reuzenpagina', url: '/rekentuin?les=3#start' },
      { key: 'uitleg', kind: 'text', title: 'Reuzenuitleg', markdown: { nl: 'Tellen in een krokodil', en: 'Count the giraffe', fr: 'Compter la girafe' } },
      ${more}
    ] }],
  },
  start: async () => {
    if (wish.broken) throw new Error('the pump is dry');
    return () => wish.stopping ?? undefined;
  },
});`;

const wish: { missing: boolean; broken: boolean; stopping?: Promise<void> | undefined } = { missing: true, broken: false };
Object.assign(globalThis, { partnerWish: wish });

const before = { ...process.env };
const folder = new PortalFolder();
let server: Awaited<ReturnType<typeof serverForTests>>;
let portal: Awaited<ReturnType<typeof openFolder>>;
let other: typeof portal;
let world: World;

const packages = ours.map((id) => `@ilearn/plugin-${id}`);
/** Reports the worst of the processes; the other one follows within seconds. */
const operate = async (command: 'disable' | 'enable' | 'retry' | 'detach' | 'purge', id = 'partner', options = {}) => {
  const { code, lines } = await portal.platform.operate({ command, id, options });
  return `${code} ${lines.join('\n')}`;
};

beforeAll(async () => {
  server = await serverForTests();
  process.env['ILEARN_TEST_POSTGRES'] = server.url;
  for (const id of ours) {
    const source = fileURLToPath(new URL(`../../${id}`, import.meta.url));
    symlinkSync(source, join(folder.path, 'node_modules', '@ilearn', `plugin-${id}`), 'dir');
  }
  folder.pack('partner', partner()).compose(...packages, 'partner');
  await folder.useServer();
  Object.assign(process.env, { DATA_DIR: join(folder.path, 'data'), PUBLIC_URL: '' }, folder.environment);
  portal = await openFolder(folder.path);
  world = await worldOn(portal);
  other = await openFolder(folder.path, 'web');
});
afterAll(async () => {
  await other?.stop();
  await (world ?? portal)?.stop();
  for (const name of Object.keys(process.env)) if (!(name in before)) delete process.env[name];
  Object.assign(process.env, before);
  await folder.remove();
  await server?.stop();
});

const titles = ['Reuzenpagina', 'Reuzensite', 'Reuzentafels', 'Reuzenuitleg'];
interface Found {
  id: string;
  title: string;
}
/** What a teacher finds: in the search, and counted in its facets. */
async function found(at = portal, query = 'q=reuzen') {
  const client = await at.signIn(world.teacher.id);
  const { body } = await client.get(`/api/library/activities?${query}&sort=title`);
  const provider = body.facets.find(({ key }: { key: string }) => key === 'provider');
  const counted = provider?.values.find(({ value }: { value: string }) => value === 'Rekentuin bv')?.count ?? 0;
  return { titles: body.activities.map(({ title }: Found) => title), counted, activities: body.activities as Found[] };
}
const all = { titles, counted: 4 };
const none = { titles: [], counted: 0 };
const until = async (at: typeof portal, wanted: typeof all) => {
  await expect.poll(() => found(at), { timeout: 20_000 }).toMatchObject(wanted);
};
const registered = async () => {
  const { registrations } = await portal.work('lti', (services) => services.registrations.list());
  return registrations.find(({ key }: { key: string }) => key === 'rekentuin')?.active;
};

describe('newcomer 17: activities of a plugin', () => {
  let ids: Record<string, string>;
  let assignment: any;
  let path: any;
  const stepOf = (title: string) => path.steps.find((step: any) => step.shownTitle === title).id;
  const trail = async () => (await world.pupils[0].client.get(`/api/myway/my-paths/${assignment.id}`)).body;
  const locks = async () => (await trail()).steps.map((step: any) => step.lock?.reason ?? null);
  const open = (title: string, headers = {}) =>
    world.pupils[0].client.request('POST', `/api/myway/my-paths/${assignment.id}/steps/${stepOf(title)}/open`, { headers });
  const finish = (title: string) =>
    world.pupils[0].client.post(`/api/myway/my-paths/${assignment.id}/steps/${stepOf(title)}/done`);

  test('appear in every process without a restart when their plugin comes into service', async () => {
    expect(await found()).toMatchObject(none);
    expect(await registered()).toBeUndefined();
    wish.missing = false;
    await operate('retry');
    expect(await found()).toMatchObject(all);
    expect(await registered()).toBe(true);
    await until(other, all);
    ids = Object.fromEntries((await found()).activities.map(({ id, title }) => [title, id]));
  });

  test('of each kind are found by words, kind and content in every language, and have a page', async () => {
    expect((await found(portal, 'q=reuzen&kind=link')).titles).toEqual(['Reuzenpagina', 'Reuzensite']);
    expect((await found(portal, 'q=reuzen&kind=text')).titles).toEqual(['Reuzenuitleg']);
    for (const word of ['krokodil', 'giraffe', 'girafe'])
      expect((await found(portal, `q=${word}`)).titles).toEqual(['Reuzenuitleg']);
    const { body } = await world.teacher.client.get(`/api/library/activities/${ids['Reuzenuitleg']}`);
    expect(body).toMatchObject({ origin: 'tool', mayChange: false, available: true, language: 'nl', provider: 'Rekentuin bv' });
    const content = async (title: string, language = 'nl') =>
      (
        await world.teacher.client.request('GET', `/api/library/activities/${ids[title]}/content`, {
          headers: { 'accept-language': language },
        })
      ).body;
    expect(await content('Reuzenpagina')).toEqual({ kind: 'link', url: '/rekentuin?les=3#start' });
    expect(await content('Reuzenuitleg', 'fr')).toEqual({ kind: 'text', markdown: 'Compter la girafe', language: 'fr' });
    expect(await content('Reuzenuitleg', 'de')).toEqual({ kind: 'text', markdown: 'Tellen in een krokodil', language: 'nl' });
  });

  test('can be steps of a path, done by a pupil, shown on the board and exported', async () => {
    path = await world.path(
      titles.map((title) => ids[title] as string),
      { sequence: 'free' },
    );
    assignment = await world.assign(path.id);
    expect((await open('Reuzensite')).body).toEqual({ kind: 'link', url: 'https://rekentuin.example/spel' });
    expect((await open('Reuzenpagina')).body).toEqual({ kind: 'link', url: '/rekentuin?les=3#start' });
    expect((await open('Reuzenuitleg', { 'accept-language': 'en' })).body).toEqual({
      ...{ kind: 'text', markdown: 'Count the giraffe', language: 'en' },
    });
    expect((await open('Reuzentafels')).body).toMatchObject({
      kind: 'lti',
      url: expect.stringContaining('/api/lti/launches/'),
    });
    for (const title of ['Reuzensite', 'Reuzenuitleg']) expect((await finish(title)).status).toBe(200);
    expect((await finish('Reuzentafels')).status).toBe(409);
    expect(await trail()).toMatchObject({ done: 2, total: 4 });
    expect(await cells()).toEqual(['started', 'done', 'started', 'done']);
  });

  /** The states of the pupil's steps on the teacher's board. */
  async function cells(): Promise<string[]> {
    const { body } = await world.teacher.client.get(`/api/myway/assignments/${assignment.id}/progress`);
    return body.rows.find(({ pupil }: any) => pupil.id === world.pupils[0].id).cells.map(({ state }: any) => state);
  }

  /** Nothing of the partner can be chosen; what was done with it is kept. */
  async function expectGone(): Promise<void> {
    expect(await found()).toMatchObject(none);
    expect(await registered()).not.toBe(true);
    expect(await locks()).toEqual(titles.map(() => 'unavailable'));
    for (const title of titles) {
      expect(await open(title)).toMatchObject({ status: 409, body: { type: '/problems/myway/step-unavailable' } });
    }
    const { body } = await world.teacher.client.get(`/api/myway/paths/${path.id}`);
    expect(body.steps.map(({ shownTitle, available }: any) => [shownTitle, available])).toEqual(
      titles.map((title) => [title, false]),
    );
    expect(await cells()).toEqual(['started', 'done', 'started', 'done']);
    const page = await world.teacher.client.get(`/api/library/activities/${ids['Reuzensite']}`);
    expect(page).toMatchObject({ status: 200, body: { available: false } });
  }
  async function expectBack(): Promise<void> {
    const now = await found();
    expect(now).toMatchObject(all);
    expect(Object.fromEntries(now.activities.map(({ id, title }) => [title, id]))).toEqual(ids);
    expect(await registered()).toBe(true);
    expect(await locks()).toEqual(titles.map(() => null));
  }

  test('disappear immediately when it is disabled, even if it stops slowly, and return with the same ids', async () => {
    let stop = () => {};
    wish.stopping = new Promise((resolve) => {
      stop = resolve;
    });
    let disabled = false;
    const disabling = operate('disable').finally(() => {
      disabled = true;
    });
    await until(portal, none);
    expect(disabled).toBe(false);
    stop();
    wish.stopping = undefined;
    expect(await disabling).toMatch(/^0/);
    await expectGone();
    await until(other, none);
    await operate('enable');
    await expectBack();
    await until(other, all);
  });

  test('disappear when it is quarantined, and return as they are in the package on disk', async () => {
    await operate('disable');
    await until(other, none);
    wish.broken = true;
    expect(await operate('enable')).toContain('the pump is dry');
    await expectGone();
    expect(await found(other)).toMatchObject(none);
    wish.broken = false;
    folder.pack(
      'partner',
      partner(`{ key: 'nieuw', kind: 'link', title: 'Reuzenzebra', url: 'https://rekentuin.example/zebra' },`),
    );
    await operate('retry');
    expect((await found()).titles).toEqual([...titles, 'Reuzenzebra']);
    folder.pack('partner', partner());
    wish.broken = true;
    await operate('disable');
    await operate('enable');
    wish.broken = false;
    await operate('retry');
    await expectBack();
    await until(other, all);
  });

  test('are not found in a process whose configuration lacks the plugin, but in the others', async () => {
    folder.compose(...packages);
    const newer = await openFolder(folder.path, 'web');
    try {
      expect(await found(newer)).toMatchObject(none);
      expect(await found()).toMatchObject(all);
      expect(await registered()).toBe(true);
    } finally {
      await newer.stop();
      folder.compose(...packages, 'partner');
    }
  });

  test('with a key of another plugin’s tool are a fault of their plugin, with place and remedy', async () => {
    for (const id of ['first', 'second']) folder.pack(id, partner().replace(`id: 'partner'`, `id: '${id}'`));
    folder.compose(...packages, 'first', 'second');
    const newer = await openFolder(folder.path, 'web');
    try {
      const { lines } = await newer.platform.operate({ command: 'list', id: '', options: {} });
      expect(lines.join('\n')).toContain(
        `contributes.library.tools[0].key: The key "rekentuin" in library.tools is already used by first.\n      → Give it another key, or remove it.`,
      );
    } finally {
      await newer.stop();
      folder.compose(...packages, 'partner');
    }
  });

  test('disappear permanently when the plugin is purged, while paths and results are kept', async () => {
    await operate('disable');
    expect(await operate('purge', 'partner', { yes: true })).toMatch(/^0/);
    await expectGone();
  });
});
