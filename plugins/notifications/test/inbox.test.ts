import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PluginDefinition } from '@ilearn/core';
import { createTestPlatform, type TestClient, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { pupil, school, schoolClass, teacher } from '@ilearn/plugin-directory/testing';
import notifications, { type Notification } from '@ilearn/plugin-notifications';
import { strFromU8 } from 'fflate';
import { createJiti } from 'jiti';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { PortalFolder } from '../../../core/test/support/command.js';
import { erase } from '../../../core/test/support/erase.js';
import { exportOf } from '../../../core/test/support/exports.js';
import { findEverywhere } from '../../../core/test/support/find-everywhere.js';
import { office } from './sender.js';

let portal: TestPlatform;
let wissel: { id: string };
let an: { id: string; client: TestClient };
let noor: { id: string; client: TestClient };
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [directory, notifications, office] });
  wissel = await school(portal);
  const klas = await schoolClass(portal, wissel);
  const known = async ({ id }: { id: string }) => ({ id, client: await portal.signIn(id) });
  an = await known(await teacher(portal, klas, { email: 'an@wissel.example' }));
  noor = await known(await pupil(portal, klas));
});
afterAll(() => portal?.stop());

const send = (notification: Partial<Notification>) =>
  portal.work('office', ({ notifications: { notify } }) =>
    notify.send({ kind: 'office.paper', to: [noor.id], place: '/kantoor/1', params: { title: 'de uitstap' }, ...notification }),
  );
const inbox = async (of: { client: TestClient }, query = '') => (await of.client.get(`/api/notifications/inbox${query}`)).body;

test('a notification is in the list of its recipient, and of nobody else', async () => {
  await send({ params: { title: 'de uitstap', pages: 3 } });
  expect(await inbox(noor)).toMatchObject({
    unread: 1,
    total: 1,
    items: [
      { kind: 'office.paper', text: 'office:told.paper.text', params: { title: 'de uitstap', pages: 3 }, count: 1, read: false },
    ],
  });
  expect(await inbox(an)).toMatchObject({ unread: 0, items: [] });
  const [{ id }] = (await inbox(noor)).items;
  expect((await an.client.put(`/api/notifications/inbox/${id}`, { read: true })).status).toBe(404);
  expect((await portal.client().get('/api/notifications/inbox')).status).toBe(401);
});

test('what is sent again while unread is one line with a count; after it is read, it is another line', async () => {
  const to = { place: '/kantoor/again' };
  await send(to);
  await send({ ...to, params: { title: 'het feest' } });
  const [line] = (await inbox(noor)).items;
  expect(line).toMatchObject({ count: 2, params: { title: 'het feest' }, place: '/kantoor/again' });
  const mark = (id: string, read: boolean) => noor.client.put(`/api/notifications/inbox/${id}`, { read });
  expect((await mark(line.id, true)).status).toBe(204);
  await send(to);
  const [newer, older] = (await inbox(noor)).items;
  expect([newer.count, newer.read, older.id, older.read]).toEqual([1, false, line.id, true]);
  // The older one stays read: two unread lines of one kind and place cannot be.
  expect((await mark(older.id, false)).status).toBe(204);
  expect((await inbox(noor, '?unread=true')).items.map(({ id }: { id: string }) => id)).not.toContain(older.id);
  expect((await noor.client.post('/api/notifications/inbox/read')).status).toBe(204);
  expect(await inbox(noor, '?unread=true')).toMatchObject({ unread: 0, items: [], pages: 0 });
});

test('many notifications come in pages, and are sent with few statements to many people', async () => {
  const many = Array.from({ length: 200 }, () => randomUUID());
  for (let n = 0; n < 25; n++) await send({ to: [an.id, ...many], place: `/kantoor/${n}` });
  const first = await inbox(an);
  expect([first.items.length, first.total, first.pages, first.items[0].place]).toEqual([20, 25, 2, '/kantoor/24']);
  expect((await inbox(an, '?page=2')).items).toHaveLength(5);
});

test('a unit of work that fails notifies nobody', async () => {
  const before = (await inbox(noor)).total;
  const failed = portal.work('office', async ({ notifications: { notify } }) => {
    await notify.send({ kind: 'office.paper', to: [noor.id], place: '/kantoor/never' });
    throw new Error('changed my mind');
  });
  await expect(failed).rejects.toThrow('changed my mind');
  expect((await inbox(noor)).total).toBe(before);
});

test.each<[string, Partial<Notification>, RegExp]>([
  ['an unknown kind', { kind: 'office.unknown' }, /no plugin contributes the kind "office.unknown"/],
  ['a place elsewhere', { place: '//evil.example' }, /does not fit \/kantoor\/:id/],
  ['a place with a query', { place: '/kantoor/1?x=1' }, /does not fit/],
  ['a place that climbs', { place: '/kantoor/..' }, /does not fit/],
  ['an id that is none', { to: ['noor'] }, /office.paper: to.0/],
  ['long params', { params: { title: 'x'.repeat(201) } }, /office.paper: params.title/],
  ['many params', { params: Object.fromEntries(Array.from({ length: 11 }, (_, n) => [`p${n}`, n])) }, /more than ten/],
])('%s is a mistake of the sender', async (_, wrong, words) => {
  await expect(send(wrong)).rejects.toThrow(words);
});

test('a kind without texts is a fault of its plugin, which names the texts, and leaves the others in service', async () => {
  const [first] = (office.contributes as Record<string, object[]>)['notifications.kinds'] as [object];
  const faulty = (id: string, wrong: object) => ({
    ...office,
    id,
    contributes: { 'notifications.kinds': [{ ...first, ...wrong }] },
  });
  const plugins = [faulty('mute', { text: 'told.nothing' }), faulty('stray', { place: 'https://x.example' })];
  const other = await createTestPlatform({ plugins: [directory, notifications, office, ...plugins], required: ['directory'] });
  try {
    const told = other.log.join('');
    expect(told).toContain('told.nothing.label is missing in nl.json');
    expect(told).toContain('told.nothing.text (or text_one and text_other) is missing in fr.json');
    expect(told).toContain('must be the path of a page');
    const states = other.platform.composition.entries.map(({ id, state }) => [id, state.state]);
    const out = { mute: 'quarantined', stray: 'quarantined', office: 'started', notifications: 'started' };
    expect(Object.fromEntries(states)).toMatchObject(out);
  } finally {
    await other.stop();
  }
});

test('the export of a person has their notifications, and their erasure removes them', async () => {
  const { id } = await teacher(portal, wissel);
  await send({ to: [id, noor.id], place: '/kantoor/erased' });
  await portal.work('notifications', ({ knex }) =>
    knex('choices').insert({ person_id: id, kind: 'office.paper', channel: 'off' }),
  );
  const files = await exportOf(portal, id);
  expect(strFromU8(files['export.json'] as Uint8Array)).toContain('/kantoor/erased');
  expect(strFromU8(files['export.html'] as Uint8Array)).toContain('Meldingen die je kreeg');
  await erase(portal, id);
  expect(await findEverywhere(portal, [id])).toEqual([]);
  expect((await inbox(noor)).items[0]).toMatchObject({ place: '/kantoor/erased' });
});

test('the plugin of docs/plugins.md works as written', async () => {
  const page = readFileSync(new URL('../../../docs/plugins.md', import.meta.url), 'utf8');
  const [, source = '', messages = ''] =
    /## Notifications[\s\S]*?```ts\n([\s\S]*?)```[\s\S]*?```json\n([\s\S]*?)```/.exec(page) ?? [];
  const folder = new PortalFolder().write('outings', 'src/index.ts', source);
  for (const language of ['nl', 'en', 'fr']) folder.write('outings', `messages/${language}.json`, messages);
  const { default: outings } = await createJiti(import.meta.url).import<{ default: PluginDefinition }>(
    join(folder.path, 'node_modules', 'outings', 'src', 'index.ts'),
  );
  const outing = { id: randomUUID(), title: 'Planckendael', people: [noor.id] };
  const plan = async (plugins: PluginDefinition[], look: (other: TestPlatform) => Promise<void>) => {
    const other = await createTestPlatform({ plugins });
    try {
      await other.grant(an.id, [{ tenant: wissel.id, role: 'teacher' }]);
      const planner = await other.signIn(an.id);
      expect((await planner.post('/api/outings/outings', outing)).status).toBe(204);
      await look(other);
    } finally {
      await other.stop();
    }
  };
  await plan([outings], async () => {});
  await plan([outings, directory, notifications], async (other) => {
    const { items } = (await (await other.signIn(noor.id)).get('/api/notifications/inbox')).body;
    expect(items).toMatchObject([{ text: 'outings:notifications.planned.text', place: `/uitstappen/${outing.id}` }]);
  });
  await folder.remove();
});
