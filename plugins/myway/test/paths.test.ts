import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

/** What the builder sends back of a path that it got. */
const content = (path: any, over: Record<string, unknown> = {}) => ({
  version: path.version,
  title: path.title,
  description: path.description,
  sequence: path.sequence,
  steps: path.steps.map(({ id, activityId, title, note, required }: any) => ({ id, activityId, title, note, required })),
  ...over,
});

describe('a teacher’s own path', () => {
  it('is created, changed as a whole, and read back', async () => {
    const [a, b, c] = [await world.activity(), await world.activity(), await world.activity()];
    const path = await world.path([a, b]);
    const { steps } = content(path);
    const changed = await world.teacher.client.put(
      `/api/myway/paths/${path.id}`,
      content(path, {
        title: 'Tafels en delen',
        description: 'Voor 3A',
        sequence: 'free',
        steps: [{ ...steps[1], title: 'Eigen naam', note: 'Neem je schrift', required: false }, steps[0], { activityId: c }],
      }),
    );
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({ version: 2, title: 'Tafels en delen', description: 'Voor 3A', sequence: 'free' });
    expect(changed.body.steps).toMatchObject([
      { id: steps[1].id, activityId: b, shownTitle: 'Eigen naam', note: 'Neem je schrift', required: false },
      { id: steps[0].id, activityId: a, title: null, required: true },
      { activityId: c },
    ]);
    const { merged, added, ...stored } = changed.body;
    expect([merged, added]).toEqual([false, []]);
    expect((await world.teacher.client.get(`/api/myway/paths/${path.id}`)).body).toEqual(stored);
  });

  it('refuses a change based on an older version, and keeps the newer', async () => {
    const path = await world.path([await world.activity()]);
    const address = `/api/myway/paths/${path.id}`;
    expect((await world.teacher.client.put(address, content(path, { title: 'Van de laptop' }))).status).toBe(200);
    const late = await world.teacher.client.put(address, content(path, { title: 'Van de tablet', steps: [] }));
    expect(late).toMatchObject({ status: 409, body: { type: '/problems/myway/path-changed', version: 2 } });
    expect((await world.teacher.client.get(address)).body).toMatchObject({ title: 'Van de laptop', steps: [{}] });
  });

  it('accepts a step at the end, whatever version it has', async () => {
    const path = await world.path([await world.activity()]);
    const added = await world.activity({ title: 'Erbij' });
    const answer = await world.teacher.client.post(`/api/myway/paths/${path.id}/steps`, { activityId: added });
    expect(answer).toMatchObject({
      status: 201,
      body: { version: 2, steps: [{ id: path.steps[0].id }, { shownTitle: 'Erbij', required: true }] },
    });
  });

  it('is found by words in its title, with wildcard characters taken literally', async () => {
    await world.path([], { title: '100% breuken' });
    await world.path([], { title: '100 sommen' });
    const find = async (q: string) =>
      (await world.teacher.client.get(`/api/myway/paths?q=${encodeURIComponent(q)}`)).body.paths.map((path: any) => path.title);
    expect(await find('100%')).toEqual(['100% breuken']);
    expect(await find('BREUKEN')).toEqual(['100% breuken']);
    expect(await find('_')).toEqual([]);
  });

  it('is listed a page at a time', async () => {
    const first = await world.teacher.client.get('/api/myway/paths?limit=2');
    const second = await world.teacher.client.get('/api/myway/paths?limit=2&offset=2');
    expect(first.body.paths).toHaveLength(2);
    expect(first.body.total).toBeGreaterThan(2);
    expect(second.body.paths[0].id).not.toBe(first.body.paths[1].id);
  });

  it('can be removed only if no pupil works on it', async () => {
    const path = await world.path([await world.activity()]);
    const assignment = await world.assign(path.id);
    const address = `/api/myway/paths/${path.id}`;
    expect(await world.teacher.client.delete(address)).toMatchObject({
      status: 409,
      body: { type: '/problems/myway/path-in-use' },
    });
    await world.teacher.client.patch(`/api/myway/assignments/${assignment.id}`, { ended: true });
    expect((await world.teacher.client.delete(address)).status).toBe(204);
    expect((await world.teacher.client.get(address)).status).toBe(404);
    const ended = await world.teacher.client.get('/api/myway/assignments?ended=true');
    expect(ended.body).toMatchObject([{ id: assignment.id, path: { title: 'Tafels' } }]);
    expect(await world.teacher.client.patch(`/api/myway/assignments/${assignment.id}`, { ended: false })).toMatchObject({
      status: 409,
      body: { type: '/problems/myway/path-removed' },
    });
  });

  it('ux 9: comes back when its owner puts it back, and only then', async () => {
    const path = await world.path([await world.activity()], { title: 'Teruggezet' });
    const address = `/api/myway/paths/${path.id}`;
    const restore = (person = world.teacher) => person.client.post(`${address}/restore`);
    expect((await world.teacher.client.delete(address)).status).toBe(204);
    for (const [person, status] of [
      [world.colleague, 403],
      [world.stranger, 404],
    ] as const) {
      expect((await restore(person)).status).toBe(status);
    }
    expect((await world.teacher.client.get(address)).status).toBe(404);
    expect(await restore()).toMatchObject({ status: 200, body: { title: 'Teruggezet', steps: [{ id: path.steps[0].id }] } });
    expect((await world.teacher.client.get(address)).body.version).toBe(path.version);
    // One that is there stays as it is.
    expect((await restore()).status).toBe(200);
  });

  it('gets the colour and name of the subject of its steps', async () => {
    expect((await world.path([await world.activity()])).area).toBeNull();
  });
});

describe('a path as a colleague sees it', () => {
  it('can be read and copied, but not changed, by others of the school', async () => {
    const path = await world.path([await world.activity({ title: 'Som' })], { title: 'Van Janssens' });
    const { client } = world.colleague;
    const list = await client.get('/api/myway/paths?scope=school&q=Van Janssens');
    expect(list.body.paths).toMatchObject([{ id: path.id, owner: 'Noor Janssens', editable: false, scope: 'school' }]);
    expect((await client.get(`/api/myway/paths/${path.id}`)).body).toMatchObject({
      editable: false,
      steps: [{ shownTitle: 'Som' }],
    });
    expect((await client.put(`/api/myway/paths/${path.id}`, content(path))).status).toBe(403);
    expect((await client.post(`/api/myway/paths/${path.id}/steps`, { activityId: path.steps[0].activityId })).status).toBe(403);
    expect((await client.delete(`/api/myway/paths/${path.id}`)).status).toBe(403);

    const copy = await client.post(`/api/myway/paths/${path.id}/copy`, { title: 'Mijn versie' });
    expect(copy).toMatchObject({
      status: 201,
      body: { title: 'Mijn versie', scope: 'own', editable: true, steps: [{ shownTitle: 'Som' }] },
    });
    expect(copy.body.steps[0].id).not.toBe(path.steps[0].id);
  });

  it('does not exist for a teacher of another school, nor for pupils', async () => {
    const path = await world.path([await world.activity()]);
    for (const [method, address, body] of [
      ['GET', `/api/myway/paths/${path.id}`],
      ['GET', `/api/myway/paths/${path.id}/preview`],
      ['PUT', `/api/myway/paths/${path.id}`, content(path)],
      ['POST', `/api/myway/paths/${path.id}/steps`, { activityId: path.steps[0].activityId }],
      ['POST', `/api/myway/paths/${path.id}/copy`, {}],
      ['POST', `/api/myway/paths/${path.id}/assignments`, { classId: world.strangeClass }],
      ['DELETE', `/api/myway/paths/${path.id}`],
    ] as const) {
      expect((await world.stranger.client.request(method, address, { body })).status).toBe(404);
      expect((await world.pupils[0].client.request(method, address, { body })).status).toBe(403);
    }
  });
});

describe('what cannot be stored', () => {
  it('is refused with the place of the fault, and nothing changes', async () => {
    const path = await world.path([await world.activity()]);
    const other = await world.path([await world.activity()]);
    const { client } = world.teacher;
    const address = `/api/myway/paths/${path.id}`;
    const { steps } = content(path);
    const refused: [unknown, number, string][] = [
      [content(path, { title: '  ' }), 400, '/title'],
      [content(path, { title: 'a\u0000b' }), 400, '/title'],
      [content(path, { sequence: 'sometimes' }), 400, '/sequence'],
      [content(path, { steps: [{ activityId: 'x' }] }), 400, '/steps/0/activityId'],
      [content(path, { steps: Array(101).fill({ activityId: steps[0].activityId }) }), 400, '/steps'],
      [content(path, { steps: [steps[0], { activityId: randomUUID() }] }), 422, '/steps/1'],
      [content(path, { steps: [steps[0], steps[0]] }), 422, '/steps/1/id'],
      [content(path, { steps: [{ ...content(other).steps[0] }] }), 422, '/steps/0/id'],
    ];
    for (const [body, status, pointer] of refused) {
      const answer = await client.put(address, body);
      expect([answer.status, answer.body.errors?.[0]?.pointer], JSON.stringify(body).slice(0, 200)).toEqual([status, pointer]);
    }
    expect((await client.request('PUT', address, { raw: '{"version": 1,' })).status).toBe(400);
    expect((await client.get(address)).body).toEqual(path);
    expect((await client.post('/api/myway/paths', { title: 'X', activityIds: [randomUUID()] })).body.errors[0].pointer).toBe(
      '/activityIds/0',
    );
    expect((await client.get('/api/myway/paths?q=X')).body.total).toBe(0);
    expect((await client.get('/api/myway/paths/not-an-id')).status).toBe(400);
  });

  it('includes a path of a teacher of two schools who does not choose one', async () => {
    const both = await world.person('teacher', world.school, 'Both');
    await world.platform.grant(both.id, [
      { tenant: world.school, role: 'teacher' },
      { tenant: world.otherSchool, role: 'teacher' },
    ]);
    expect((await both.client.get('/api/myway/schools')).body).toHaveLength(2);
    expect(await both.client.post('/api/myway/paths', { title: 'Waar?' })).toMatchObject({
      status: 422,
      body: { type: '/problems/myway/school-needed' },
    });
    expect((await both.client.post('/api/myway/paths', { title: 'Daar', school: world.otherSchool })).status).toBe(201);
    expect((await world.teacher.client.post('/api/myway/paths', { title: 'Elders', school: world.otherSchool })).status).toBe(
      422,
    );
  });
});

describe('editing a path that pupils are following', () => {
  it('keeps results: a completed step stays completed when it moves, and when it is removed and put back', async () => {
    const path = await world.path([await world.activity(), await world.activity()]);
    const assignment = await world.assign(path.id);
    const [pupil] = world.pupils;
    const trail = `/api/myway/my-paths/${assignment.id}`;
    const [first, second] = path.steps;
    await pupil.client.post(`${trail}/steps/${first.id}/done`);

    const { steps } = content(path);
    const address = `/api/myway/paths/${path.id}`;
    const moved = await world.teacher.client.put(address, content(path, { steps: [steps[1], steps[0]] }));
    expect((await pupil.client.get(trail)).body.steps).toMatchObject([
      { id: second.id, state: 'todo', next: true },
      { id: first.id, state: 'done', lock: null },
    ]);
    const without = await world.teacher.client.put(address, content(moved.body, { steps: [steps[1]] }));
    expect((await pupil.client.get(trail)).body.steps).toMatchObject([{ id: second.id }]);
    await world.teacher.client.put(address, content(without.body, { steps }));
    expect((await pupil.client.get(trail)).body.steps).toMatchObject([{ id: first.id, state: 'done' }, { id: second.id }]);
  });

  it('treats a changed activity as a new step, so that no tool’s score is recorded for it', async () => {
    const path = await world.path([await world.ltiActivity()]);
    const assignment = await world.assign(path.id);
    const [old] = content(path).steps;
    const changed = await world.teacher.client.put(
      `/api/myway/paths/${path.id}`,
      content(path, { steps: [{ ...old, activityId: await world.ltiActivity() }] }),
    );
    expect(changed.body.steps[0].id).not.toBe(old.id);
    await world.score({ assignmentId: assignment.id, stepId: old.id, pupil: world.pupils[0] });
    expect((await world.pupils[0].client.get(`/api/myway/my-paths/${assignment.id}`)).body.steps).toMatchObject([
      { state: 'todo', score: null },
    ]);
  });

  it('shows the teacher a preview of what a pupil would see', async () => {
    const path = await world.path([await world.activity({ teacherOnly: true }), await world.activity(), await world.activity()]);
    const preview = await world.teacher.client.get(`/api/myway/paths/${path.id}/preview`);
    expect(preview.body.steps).toMatchObject([
      { next: true, lock: null },
      { next: false, lock: { reason: 'previous' } },
    ]);
  });
});
