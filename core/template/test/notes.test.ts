import { randomUUID } from 'node:crypto';
import { createTestPlatform, type TestPlatform } from '@ilearn/core/testing';
import plugin from 'ilearn-plugin-sample';
import { afterAll, beforeAll, expect, test } from 'vitest';

/** A whole portal on a database of its own; nothing is mocked. */
let portal: TestPlatform;
const [school, otherSchool] = [randomUUID(), randomUUID()];

beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [plugin], config: { [plugin.id]: { keepDays: 30 } } });
});
afterAll(() => portal?.stop());

async function signIn(role: string, at: string) {
  const person = randomUUID();
  await portal.grant(person, [{ school: at, role }]);
  return portal.signIn(person);
}

test('a teacher puts up a note, and the pupils of the school read it', async () => {
  const teacher = await signIn('teacher', school);
  expect((await teacher.post('/api/sample/notes', { school, text: 'Morgen zwemmen' })).status).toBe(201);
  const { body } = await (await signIn('pupil', school)).get('/api/sample/notes');
  expect(body).toEqual([{ id: expect.any(String), text: 'Morgen zwemmen', createdAt: expect.any(String) }]);
});

test('another school sees nothing of it, and nobody writes for a school that is not theirs', async () => {
  const stranger = await signIn('teacher', otherSchool);
  expect((await stranger.get('/api/sample/notes')).body).toEqual([]);
  expect((await stranger.post('/api/sample/notes', { school, text: 'Hoi' })).status).toBe(403);
});

test('a pupil writes none, and an empty note is refused with its place', async () => {
  expect((await (await signIn('pupil', school)).post('/api/sample/notes', { school, text: 'Hoi' })).status).toBe(403);
  const answer = await (await signIn('teacher', school)).post('/api/sample/notes', { school, text: ' ' });
  expect([answer.status, answer.body.errors[0].pointer]).toEqual([400, '/text']);
});

test('the nightly job removes what is too old', async () => {
  await portal.work('sample', ({ knex }) => knex('notes').update({ created_at: new Date('2020-01-01') }));
  await portal.work('sample', ({ jobs }) => jobs.enqueue('tidy', {}));
  await portal.drain();
  expect((await (await signIn('pupil', school)).get('/api/sample/notes')).body).toEqual([]);
});
