import { definePlugin } from '@ilearn/core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { events } from '../dist/events.js';
import { createWorld, type World } from './world.js';

let heard: { name: string; payload: Record<string, string> }[] = [];

/** Hears every event of the plugin. */
const listener = definePlugin({
  id: 'listener',
  version: '1.0.0',
  requires: { myway: '^0.1.0' },
  on: Object.fromEntries(
    Object.keys(events).map((name) => [
      `myway.${name}`,
      ({ payload }: { payload: unknown }) => {
        heard.push({ name, payload: payload as Record<string, string> });
      },
    ]),
  ),
});

let world: World;
beforeAll(async () => {
  world = await createWorld({}, { plugins: [listener] });
});
afterAll(() => world?.stop());
beforeEach(() => {
  heard = [];
});

/** What was heard since the last call, in the order of names. */
async function told(): Promise<typeof heard> {
  await world.platform.drain();
  // What is counted for figures is tested where it is counted.
  const counted = new Set(['path-made', 'attempt-scored']);
  const all = heard.filter(({ name }) => !counted.has(name)).sort((one, other) => (one.name < other.name ? -1 : 1));
  heard = [];
  return all;
}
const names = async () => (await told()).map(({ name }) => name);

describe('newcomer 17: assignments', () => {
  test('are published when they are created, changed and withdrawn, with ids only', async () => {
    const path = await world.path([await world.activity()]);
    const { id } = await world.assign(path.id, { dueOn: '2026-12-01' });
    const payload = { school: world.school, assignmentId: id, pathId: path.id, classId: world.class3A };
    expect(await told()).toEqual([{ name: 'assignment-given', payload: { ...payload, givenBy: world.teacher.id } }]);
    const change = (body: object) => world.teacher.client.patch(`/api/myway/assignments/${id}`, body);
    await change({ dueOn: '2026-12-01' });
    expect(await told(), 'the same date').toEqual([]);
    await change({ dueOn: null });
    expect(await told()).toEqual([{ name: 'assignment-changed', payload }]);
    await change({ ended: true });
    await change({ ended: true });
    expect(await told()).toEqual([{ name: 'assignment-withdrawn', payload }]);
    await change({ ended: false });
    expect(await told()).toEqual([{ name: 'assignment-given', payload: expect.objectContaining(payload) }]);
    await world.teacher.client.delete(`/api/myway/paths/${path.id}?end=true`);
    expect(await told()).toEqual([{ name: 'assignment-withdrawn', payload }]);
  });

  test('are withdrawn with their group, and a refused one publishes nothing', async () => {
    const groupId = await world.group({
      school: world.school,
      name: 'Plus',
      kind: 'group',
      teachers: [world.teacher],
      pupils: [world.pupils[0]],
    });
    const path = await world.path([await world.activity()]);
    const { id } = await world.assign(path.id, { classId: groupId });
    expect(await names()).toEqual(['assignment-given']);
    const again = await world.teacher.client.post(`/api/myway/paths/${path.id}/assignments`, { classId: groupId });
    expect(again.status).toBe(409);
    const theirs = await world.stranger.client.patch(`/api/myway/assignments/${id}`, { ended: true });
    expect(theirs.status).toBe(404);
    expect(await told()).toEqual([]);
    await world.teacher.client.delete(`/api/directory/groups/${groupId}`);
    expect((await told()).map(({ name, payload }) => [name, payload['assignmentId']])).toEqual([['assignment-withdrawn', id]]);
  });
});

describe('newcomer 17: progress', () => {
  test('publishes each completed step once, who completed it, and the end of the path', async () => {
    const path = await world.path([await world.activity(), await world.ltiActivity(), await world.activity()], {
      sequence: 'free',
    });
    const [read, exercise, more] = path.steps.map((step: { id: string }) => step.id);
    const body = {
      ...path,
      steps: path.steps.map((step: any) => ({ ...step, required: step.id !== more })),
    };
    const { id: assignmentId } = await world.assign(path.id);
    const saved = await world.teacher.client.put(`/api/myway/paths/${path.id}`, {
      title: body.title,
      description: body.description,
      language: body.language,
      sequence: body.sequence,
      version: body.version,
      steps: body.steps.map(({ id, activityId, title, note, required }: any) => ({ id, activityId, title, note, required })),
    });
    expect(saved.status, JSON.stringify(saved.body)).toBe(200);
    await told();

    const [pupil] = world.pupils;
    const step = { school: world.school, assignmentId, pupilId: pupil.id };
    const mine = `/api/myway/my-paths/${assignmentId}/steps`;
    await pupil.client.post(`${mine}/${read}/open`);
    expect(await told(), 'opened').toEqual([]);
    await pupil.client.post(`${mine}/${read}/done`);
    await pupil.client.post(`${mine}/${read}/done`);
    expect(await told()).toEqual([{ name: 'step-done', payload: { ...step, stepId: read, doneBy: 'pupil' } }]);

    const score = (over: object) => world.score({ assignmentId, stepId: exercise, pupil, ...over });
    await score({ activityProgress: 'InProgress' });
    expect(await told(), 'not finished').toEqual([]);
    await score({});
    await score({ scoreGiven: 9 });
    const finished = { school: world.school, assignmentId, pathId: path.id, pupilId: pupil.id };
    expect(await told()).toEqual([
      { name: 'path-finished', payload: finished },
      { name: 'step-done', payload: { ...step, stepId: exercise, doneBy: 'tool' } },
    ]);
    await pupil.client.post(`${mine}/${more}/done`);
    expect(await names(), 'a step that does not count').toEqual(['step-done']);

    const set = (stepId: string, state: string) =>
      world.teacher.client.put(`/api/myway/assignments/${assignmentId}/pupils/${pupil.id}/steps/${stepId}`, { state });
    expect((await set(read, 'todo')).status).toBe(200);
    expect(await told()).toEqual([{ name: 'step-reset', payload: { ...step, stepId: read } }]);
    await set(read, 'done');
    expect(await told()).toEqual([
      { name: 'path-finished', payload: finished },
      { name: 'step-done', payload: { ...step, stepId: read, doneBy: 'teacher' } },
    ]);
  });

  test('publishes the end of a path when a teacher leaves the pupil nothing to do, and not again when they do it all the same', async () => {
    const path = await world.path([await world.activity(), await world.activity()]);
    const { id: assignmentId } = await world.assign(path.id);
    const [first, second] = path.steps.map((step: { id: string }) => step.id);
    const [pupil] = world.pupils;
    const finished = { school: world.school, assignmentId, pathId: path.id, pupilId: pupil.id };
    const steps = `/api/myway/assignments/${assignmentId}/pupils/${pupil.id}/steps`;
    const skip = (stepId: string, skipped = true) => world.teacher.client.patch(`${steps}/${stepId}`, { skipped });
    const tick = (stepId: string) => pupil.client.post(`/api/myway/my-paths/${assignmentId}/steps/${stepId}/done`);
    await told();
    await tick(first);
    expect(await names()).toEqual(['step-done']);
    await skip(second);
    expect(await told()).toEqual([{ name: 'path-finished', payload: finished }]);
    await skip(second);
    await tick(second);
    expect(await names()).toEqual(['step-done']);

    // An extra step is one of the path: it is done before the path is, or taken away again.
    const added = await world.teacher.client.post(`${steps}/${second}/extra`, { activityId: await world.activity() });
    const extra = added.body.steps[2].id;
    await world.teacher.client.put(`${steps}/${second}`, { state: 'todo' });
    await told();
    await skip(second);
    expect(await names()).toEqual([]);
    expect((await world.teacher.client.delete(`${steps}/${extra}`)).status).toBe(200);
    expect(await told()).toEqual([{ name: 'path-finished', payload: finished }]);
  });

  test('publishes the end of a path when the way that a teacher chooses has no more steps', async () => {
    const path = await world.path([await world.activity(), await world.activity()]);
    const [first, second] = path.steps;
    const saved = await world.teacher.client.put(`/api/myway/paths/${path.id}`, {
      ...path,
      steps: [
        { id: first.id, activityId: first.activityId },
        { id: second.id, activityId: second.activityId, block: 'b', arm: 'more' },
      ],
      blocks: [
        {
          id: 'b',
          kind: 'branch',
          title: 'Verder?',
          on: 'teacher',
          arms: [
            { id: 'more', title: 'Meer' },
            { id: 'end', title: 'Klaar' },
          ],
        },
      ],
    });
    expect(saved.status, JSON.stringify(saved.body)).toBe(200);
    const { id: assignmentId } = await world.assign(path.id);
    const [pupil] = world.pupils;
    await pupil.client.post(`/api/myway/my-paths/${assignmentId}/steps/${first.id}/done`);
    await told();
    const choose = (arm: string) =>
      world.teacher.client.put(`/api/myway/assignments/${assignmentId}/pupils/${pupil.id}/branches/b`, { arm });
    await choose('more');
    expect(await names()).toEqual([]);
    expect((await choose('end')).status).toBe(200);
    expect(await names()).toEqual(['path-finished']);
  });

  test('publishes the end of a path once if its last two steps are completed concurrently', async () => {
    const path = await world.path([await world.ltiActivity(), await world.ltiActivity()], { sequence: 'free' });
    const { id: assignmentId } = await world.assign(path.id);
    await told();
    await Promise.all(
      world.pupils.flatMap((pupil) =>
        path.steps.flatMap(({ id: stepId }: { id: string }, index: number) =>
          [0, 1].map((time) => world.score({ assignmentId, stepId, pupil, timestamp: `2026-11-20T10:0${index}:0${time}.000Z` })),
        ),
      ),
    );
    const all = await told();
    const times = (name: string) => all.filter((each) => each.name === name).map(({ payload }) => payload['pupilId']);
    const each = world.pupils.map(({ id }) => id);
    expect(times('path-finished').sort()).toEqual([...each].sort());
    expect(times('step-done').sort()).toEqual([...each, ...each].sort());
  });
});
