import type { TestClient, TestPlatform } from '@ilearn/core/testing';
import { pupil, school, schoolClass, teacher } from '@ilearn/plugin-directory/testing';
import sharp from 'sharp';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Cradle, startPortal } from './portal.js';

let portal: TestPlatform;
let [an, lotte, outsider, stranger, colleague]: TestClient[] = [];
let classId: string;
let schoolId: string;
let week: string;

beforeAll(async () => {
  portal = await startPortal();
  const wissel = await school(portal);
  const [own, other] = [await schoolClass(portal, wissel, { name: '3B' }), await schoolClass(portal, wissel, { name: '3C' })];
  const elsewhere = await schoolClass(portal, await school(portal));
  [classId, schoolId] = [own.id, wissel.id];
  week = `/api/agenda/classes/${classId}/week`;
  const people = await Promise.all([
    teacher(portal, own),
    pupil(portal, own),
    pupil(portal, other),
    teacher(portal, elsewhere),
    teacher(portal, other),
  ]);
  [an, lotte, outsider, stranger, colleague] = await Promise.all(people.map(({ id }) => portal.signIn(id)));
});
afterAll(() => portal?.stop());

const day = async () => (await an!.get(week)).body.today as string;

async function give(client: TestClient, fields: Record<string, string>, photo?: Buffer) {
  const form = new FormData();
  for (const [name, value] of Object.entries({ subject: 'Wiskunde', title: 'Oefening 4', minutes: '20', ...fields }))
    form.append(name, value);
  if (photo !== undefined) form.append('photos', new Blob([new Uint8Array(photo)], { type: 'image/png' }), 'bord.png');
  return client.post(`/api/agenda/classes/${classId}/homework`, undefined, { multipart: form });
}

const blackboard = () =>
  sharp({ create: { width: 40, height: 30, channels: 3, background: '#245' } })
    .png()
    .toBuffer();
const inbox = async (client: TestClient) =>
  (await client.get('/api/notifications/inbox')).body.items.map(({ text }: { text: string }) => text);

test('a teacher gives homework with a photo, which the class sees, and nobody else', async () => {
  expect((await give(an!, { dueOn: await day() }, await blackboard())).status).toBe(201);
  const [task] = (await lotte!.get(week)).body.tasks;
  expect(task).toMatchObject({ title: 'Oefening 4', done: false, ticked: null });
  const photo = `/api/agenda/photos/${task.photos[0]}`;
  expect((await lotte!.get(photo)).status).toBe(200);
  expect((await lotte!.get(`${photo}?thumbnail=true`)).status).toBe(200);
  for (const client of [outsider!, stranger!]) {
    expect((await client.get(photo)).status).toBe(404);
    expect((await client.get(week)).status).toBe(404);
  }
  expect((await give(lotte!, { dueOn: await day() })).status).toBe(403);
  expect((await give(stranger!, { dueOn: await day() })).status).toBe(404);
  expect((await give(an!, { dueOn: 'morgen' })).status).toBe(400);
});

test('a teacher of another class of the school reads the week, and changes nothing in it', async () => {
  const { mayGive, tasks } = (await colleague!.get(week)).body;
  expect([mayGive, tasks.length]).toEqual([false, 1]);
  expect((await give(colleague!, { dueOn: await day() })).status).toBe(403);
  expect((await colleague!.delete(`/api/agenda/homework/${tasks[0].id}`)).status).toBe(403);
  expect((await an!.get(week)).body.mayGive).toBe(true);
});

test('a pupil ticks off what is done, and the teacher sees how many have', async () => {
  const [task] = (await lotte!.get(week)).body.tasks;
  const done = `/api/agenda/homework/${task.id}/done`;
  expect((await lotte!.put(done, { done: true })).status).toBe(204);
  expect((await lotte!.put(done, { done: true })).status).toBe(204);
  expect((await outsider!.put(done, { done: true })).status).toBe(404);
  expect((await lotte!.get(week)).body.tasks[0]).toMatchObject({ done: true, ticked: null });
  expect((await an!.get(week)).body.tasks[0]).toMatchObject({ teacher: 'An Maes', done: false, ticked: 1 });
});

test('the class is told of new homework, and who has not finished is reminded if the school wants that', async () => {
  await portal.drain();
  expect(await inbox(lotte!)).toEqual(['agenda:notifications.given.text']);
  const { id } = (await give(an!, { dueOn: await day(), title: 'Lezen' })).body;
  const remind = () => portal.work('agenda', ({ jobs }: Cradle) => jobs.enqueue('remind', {}));
  await portal.work('agenda', async ({ Homework, knex }: Cradle) =>
    Homework.query()
      .patch({ due_on: knex.raw('due_on + 1') as never })
      .where({ id }),
  );
  await remind();
  await portal.drain();
  expect(await inbox(lotte!)).toContain('agenda:notifications.due.text');
  expect(await inbox(an!)).toEqual(['agenda:notifications.due.text']);
});

test('the search box finds homework of the reader’s own classes', async () => {
  const found = async (client: TestClient) => (await client.get('/api/agenda/search/homework?q=oefen')).body.results.length;
  expect([await found(lotte!), await found(outsider!), await found(stranger!)]).toEqual([1, 0, 0]);
});

test('a machine with the scope reads the week of its school, and gives nothing', async () => {
  const machine = portal.machine({ scopes: ['agenda.homework:read'], tenants: [schoolId] });
  expect((await machine.get(week)).body.tasks.length).toBeGreaterThan(0);
  expect((await give(machine, { dueOn: await day() })).status).toBe(403);
});

test('what is older than the school keeps it is removed at night, with its photos', async () => {
  await portal.work('agenda', ({ knex }: Cradle) => knex('homework').update({ due_on: '2020-01-01' }));
  await portal.work('agenda', ({ jobs }: Cradle) => jobs.enqueue('tidy', {}));
  await portal.drain();
  const left = await portal.work('agenda', async ({ Homework, HomeworkPhoto, Tick, knex }: Cradle) => [
    await Homework.query().resultSize(),
    await HomeworkPhoto.query().resultSize(),
    await Tick.query().resultSize(),
    (await knex('photos')).length,
  ]);
  expect(left).toEqual([0, 0, 0, 0]);
});
