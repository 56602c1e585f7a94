import { randomUUID } from 'node:crypto';
import type { TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { signIn, startPortal } from './portal.js';

const address = '/api/sample/notes';
const [school, otherSchool] = [randomUUID(), randomUUID()];
let portal: TestPlatform;

beforeAll(async () => {
  portal = await startPortal();
});
afterAll(() => portal?.stop());

test('a teacher adds a note, and the pupils of the school can read it', async () => {
  const teacher = await signIn(portal, 'teacher', school);
  expect((await teacher.post(address, { school, text: 'Morgen zwemmen' })).status).toBe(201);
  const { body } = await (await signIn(portal, 'pupil', school)).get(address);
  expect(body).toEqual([{ id: expect.any(String), text: 'Morgen zwemmen', createdAt: expect.any(String) }]);
});

test('another school sees nothing of it, and nobody can write for a school that is not theirs', async () => {
  const stranger = await signIn(portal, 'teacher', otherSchool);
  expect((await stranger.get(address)).body).toEqual([]);
  expect((await stranger.post(address, { school, text: 'Hoi' })).status).toBe(403);
});

test('a pupil cannot add a note, and an empty note is refused with its place', async () => {
  const pupil = await signIn(portal, 'pupil', school);
  expect((await pupil.post(address, { school, text: 'Hoi' })).status).toBe(403);
  const teacher = await signIn(portal, 'teacher', school);
  const { status, body } = await teacher.post(address, { school, text: ' ' });
  expect([status, body.errors[0].pointer]).toEqual([400, '/text']);
});

test('the nightly job removes what is too old', async () => {
  await portal.work('sample', ({ knex }) => knex('notes').update({ created_at: new Date('2020-01-01') }));
  await portal.work('sample', ({ jobs }) => jobs.enqueue('tidy', {}));
  await portal.drain();
  expect((await (await signIn(portal, 'pupil', school)).get(address)).body).toEqual([]);
});
