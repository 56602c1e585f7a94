import { definePlugin } from '@ilearn/core';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { createWorld, type Person, type World } from './world.js';

let finished: Record<string, string>[] = [];
const listener = definePlugin({
  id: 'listener',
  version: '1.0.0',
  requires: { myway: '^0.1.0' },
  on: {
    'myway.path-finished': ({ payload }: { payload: unknown }) => {
      finished.push(payload as Record<string, string>);
    },
  },
});

let world: World;
beforeAll(async () => {
  world = await createWorld({}, { plugins: [listener] });
});
afterAll(() => world?.stop());
beforeEach(() => {
  finished = [];
});

const meantFor = (path: { id: string }, audience: string, by: Person = world.teacher) =>
  by.client.put(`/api/myway/paths/${path.id}/sharing`, { audience });

/** Begins the path as its service does when that person asks for it. */
const start = (person: Person, pathId: string, school = world.school): Promise<{ assignmentId: string; address: string }> =>
  world.platform.work('myway', ({ staffPaths }) => staffPaths.start(person.id, pathId, school));

/** A path for colleagues: a text for teachers only, a moment, an exercise. */
async function forStaff() {
  const path = await world.path([await world.activity({ title: 'Lees', teacherOnly: true }), await world.ltiActivity()]);
  const { body } = await world.teacher.client.put(`/api/myway/paths/${path.id}`, {
    ...{ version: path.version, title: 'Differentiëren', description: '', sequence: 'in-order', blocks: [] },
    steps: [
      { id: path.steps[0].id, activityId: path.steps[0].activityId },
      { content: { kind: 'moment', text: 'Probeer het in je klas.' }, title: 'Proberen' },
      { id: path.steps[1].id, activityId: path.steps[1].activityId },
    ],
  });
  expect((await meantFor(body, 'staff')).body).toMatchObject({ audience: 'staff' });
  return body;
}

test('a teacher follows a path for colleagues to its end, with what is for teachers only, and other plugins hear of it', async () => {
  const path = await forStaff();
  const { assignmentId, address } = await start(world.colleague, path.id);
  expect(address).toBe(`/leertraject/${assignmentId}`);
  expect(await start(world.colleague, path.id)).toEqual({ assignmentId, address, finished: false });
  const my = `/api/myway/my-paths/${assignmentId}`;
  const [text, moment, exercise] = path.steps.map(({ id }: { id: string }) => id);
  const states = async () =>
    (await world.colleague.client.get(my)).body.steps.map(({ state, lock }: any) => (lock === null ? state : lock.reason));
  expect(await states()).toEqual(['todo', 'previous', 'previous']);
  expect((await world.colleague.client.post(`${my}/steps/${text}/open`)).body).toMatchObject({ kind: 'text' });
  await world.colleague.client.post(`${my}/steps/${text}/done`);
  // Nobody else ticks off a moment of somebody who follows a path alone.
  expect((await world.colleague.client.post(`${my}/steps/${moment}/done`)).status).toBe(200);
  expect((await world.colleague.client.post(`${my}/steps/${exercise}/open`)).body).toMatchObject({ kind: 'lti' });
  expect(await states()).toEqual(['done', 'done', 'started']);
  expect(finished).toEqual([]);
  await world.score({ assignmentId, stepId: exercise, pupil: world.colleague });
  expect(finished).toEqual([{ school: world.school, assignmentId, pathId: path.id, pupilId: world.colleague.id }]);
  expect((await world.colleague.client.get(my)).body).toMatchObject({ complete: true, className: '' });
  // Progress is kept when they begin again.
  expect(await start(world.colleague, path.id)).toMatchObject({ assignmentId, finished: true });
  expect(await states()).toEqual(['done', 'done', 'done']);
});

test('nobody else sees how far they are: not the maker, not a colleague, not a pupil', async () => {
  const path = await forStaff();
  const { assignmentId } = await start(world.colleague, path.id);
  const my = `/api/myway/my-paths/${assignmentId}`;
  for (const other of [world.teacher, world.coTeacher, world.stranger, world.pupils[0]]) {
    expect((await other.client.get(my)).status).toBe(404);
    expect((await other.client.post(`${my}/steps/${path.steps[0].id}/done`)).status).toBe(404);
  }
  for (const board of ['/progress', '/tool-results', `/pupils/${world.colleague.id}`])
    expect((await world.teacher.client.get(`/api/myway/assignments/${assignmentId}${board}`)).status).toBe(404);
  expect((await world.teacher.client.get(`/api/myway/assignments?path=${path.id}`)).body).toEqual([]);
  // Nor does a teacher follow as a pupil what they gave to a class of theirs.
  const { id } = await world.assign((await world.path([await world.activity()])).id);
  expect((await world.teacher.client.get(`/api/myway/my-paths/${id}`)).status).toBe(404);
  expect((await world.colleague.client.get('/api/myway/my-paths')).status).toBe(403);
});

test('a path is either for pupils or for colleagues', async () => {
  const path = await forStaff();
  const give = (id: string) => world.teacher.client.post(`/api/myway/paths/${id}/assignments`, { classId: world.class3A });
  expect(await give(path.id)).toMatchObject({ status: 409, body: { type: expect.stringContaining('for-colleagues') } });
  const forPupils = await world.path([await world.activity()]);
  await expect(start(world.colleague, forPupils.id)).rejects.toMatchObject({ status: 404 });
  await give(forPupils.id);
  expect((await meantFor(forPupils, 'staff')).body.type).toContain('path-followed');
  expect((await meantFor(path, 'pupils', world.colleague)).status).toBe(403);
  await start(world.colleague, path.id);
  expect((await meantFor(path, 'pupils')).body.type).toContain('path-followed');
  expect((await meantFor(await world.path([]), 'everyone')).status).toBe(400);
  // A copy is meant for the same people; a path of another school is nowhere.
  expect((await world.colleague.client.post(`/api/myway/paths/${path.id}/copy`, {})).body.audience).toBe('staff');
  await expect(start(world.stranger, path.id, world.otherSchool)).rejects.toMatchObject({ status: 404 });
});

test('where nobody would choose a way, a path is not for colleagues', async () => {
  const path = await world.path([]);
  const arms = ['a', 'b'].map((id) => ({ id, title: id }));
  await world.teacher.client.put(`/api/myway/paths/${path.id}`, {
    ...{ version: path.version, title: 'Splitsing', description: '', sequence: 'in-order' },
    steps: [{ content: { kind: 'moment', text: 'x' }, title: 'x', block: 'b', arm: 'a' }],
    blocks: [{ id: 'b', kind: 'branch', title: '', on: 'teacher', arms }],
  });
  expect((await meantFor(path, 'staff')).body.type).toContain('nobody-chooses');
});
