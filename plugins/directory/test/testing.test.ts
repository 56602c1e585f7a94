import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { definePlugin, handlerFor } from '@ilearn/core';
import { countStatements, createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import directory from '@ilearn/plugin-directory';
import { provider, providerPerson, pupil, school, schoolClass, teacher } from '@ilearn/plugin-directory/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { events } from '../dist/events.js';

let portal: TestPlatform;
const heard: unknown[] = [];
const hear = (name: 'classes-added' | 'enrolments-added' | 'people-added') =>
  handlerFor<any>()(events[name], async ({ payload }) => void heard.push([name, payload]));
const listener = definePlugin({
  id: 'listener',
  version: '0.1.0',
  requires: { directory: '*' },
  on: {
    'directory.classes-added': hear('classes-added'),
    'directory.enrolments-added': hear('enrolments-added'),
    'directory.people-added': hear('people-added'),
  },
});
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [directory, listener] });
});
afterAll(() => portal?.stop());

test('newcomer 18: a class with a teacher and a pupil takes four calls, and is real to the directory', async () => {
  const wissel = await school(portal, { name: 'De Wissel' });
  const klas = await schoolClass(portal, wissel, { name: '3B' });
  const an = await teacher(portal, klas, { email: 'an@wissel.example' });
  const noor = await pupil(portal, klas, { givenName: 'Noor' });

  expect(noor).toEqual({ id: expect.any(String), givenName: 'Noor', familyName: 'Peeters', kind: 'pupil', schools: [wissel.id] });
  const client = await portal.signIn(an.id);
  expect((await client.get('/api/directory/classes')).body).toEqual({ classes: [{ ...klas, pupils: 1 }], more: false });
  const { body } = await client.get(`/api/directory/classes/${klas.id}`);
  expect([body.teachers[0].id, body.pupils[0].id]).toEqual([an.id, noor.id]);

  await portal.drain();
  expect(heard).toContainEqual(['classes-added', { school: wissel.id, classIds: [klas.id] }]);
  expect(heard).toContainEqual(['people-added', { school: wissel.id, personIds: [noor.id] }]);
  const enrolment = { classId: klas.id, personId: noor.id, role: 'pupil' };
  expect(heard).toContainEqual(['enrolments-added', { school: wissel.id, enrolments: [enrolment] }]);
});

test('newcomer 18: a class can be created for existing people, and a person can be in classes of two schools', async () => {
  const [one, other] = await Promise.all([school(portal), school(portal)]);
  expect(one.instellingsnummer).not.toBe(other.instellingsnummer);
  const an = await teacher(portal, one);
  const pupils = [await pupil(portal, one), await pupil(portal, one)];
  const first = await schoolClass(portal, one, { teachers: [an], pupils });
  const second = await schoolClass(portal, other, { name: '1A' });
  const kim = await teacher(portal, [first, second], { givenName: 'Kim' });
  const classesOf = async (id: string) => (await (await portal.signIn(id)).get('/api/directory/classes')).body.classes;
  expect(await classesOf(an.id)).toMatchObject([{ id: first.id, pupils: 2 }]);
  expect((await classesOf(kim.id)).map(({ id }: { id: string }) => id).sort()).toEqual([first.id, second.id].sort());
});

test('newcomer 18: another school sees nothing of it', async () => {
  const stranger = await teacher(portal, await schoolClass(portal, await school(portal)));
  const klas = await schoolClass(portal, await school(portal));
  expect((await (await portal.signIn(stranger.id)).get(`/api/directory/classes/${klas.id}`)).status).toBe(404);
});

test('newcomer 18: invalid calls are refused, and nothing of them is stored', async () => {
  const nowhere = { id: '99999999-9999-4999-8999-999999999999' };
  await expect(schoolClass(portal, nowhere)).rejects.toThrow('Add it with school().');
  await expect(pupil(portal, nowhere)).rejects.toThrow('There is no school with the id');
  const { instellingsnummer } = await school(portal);
  await expect(school(portal, { instellingsnummer })).rejects.toThrow(/duplicate key/);
  const count = () => portal.work('directory', ({ knex }) => knex('people').count());
  const before = await count();
  await expect(pupil(portal, { ...nowhere, school: (await school(portal)).id })).rejects.toThrow(/foreign key/);
  expect(await count()).toEqual(before);
});

test('issue 12: a provider and its people take one call each, and nobody is invited', async () => {
  const noord = await provider(portal, { name: 'Noord' });
  const tools = await provider(portal, { kind: 'tool-provider' });
  const lut = await providerPerson(portal, noord, { roles: ['planner', 'coach'] });
  const tine = await providerPerson(portal, tools, { givenName: 'Tine' });
  const seenBy = async ({ id }: { id: string }) =>
    (await (await portal.signIn(id)).get('/api/directory/providers')).body.providers;
  expect(await seenBy(lut)).toEqual([noord]);
  expect(await seenBy(tine)).toEqual([tools]);
  await expect(providerPerson(portal, tools, { roles: ['planner'] })).rejects.toThrow();
});

test('newcomer 18: each call sends only a few statements', async () => {
  const counted = countStatements();
  const klas = await schoolClass(portal, await school(portal));
  await pupil(portal, klas);
  counted.stop();
  expect([...counted.sent.values()].flat().length).toBeLessThan(30);
});

test('newcomer 18: no other file of the directory imports the test helpers', () => {
  const sources = fileURLToPath(new URL('../src/', import.meta.url));
  const files = readdirSync(sources, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.ts'));
  const importers = files.filter((name) => /from '[^']*\/testing(\.js)?'/.test(readFileSync(join(sources, name), 'utf8')));
  expect(importers).toEqual(['testing.ts']);
});
