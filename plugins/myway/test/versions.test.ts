import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type Person, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

const content = ({ version, title, description, sequence, steps, blocks }: any, over: object = {}) => ({
  ...{ version, title, description, sequence, blocks },
  steps: steps.map(({ id, activityId, content, title, note, required, after, block, arm }: any) => ({
    ...{ id, activityId, content, title, note, required, after, block, arm },
  })),
  ...over,
});
const put = (path: any, over: object, who: Person = world.teacher) =>
  who.client.put(`/api/myway/paths/${path.id}`, content(path, over));
const noted = (path: any, index: number, note: string) =>
  content(path).steps.map((step: any, nth: number) => (nth === index ? { ...step, note } : step));

describe('two teachers at once', () => {
  async function shared() {
    const path = await world.path([await world.activity(), await world.activity()]);
    const address = `/api/myway/paths/${path.id}`;
    const { status, body } = await world.teacher.client.put(`${address}/sharing`, { colleaguesEdit: true });
    expect(status).toBe(200);
    return { path: body, address };
  }

  it('work on a path that its owner shares; only the owner shares, removes and puts back', async () => {
    const path = await world.path([await world.activity()]);
    const address = `/api/myway/paths/${path.id}`;
    expect((await put(path, { title: 'Van de collega' }, world.colleague)).status).toBe(403);
    expect((await world.colleague.client.put(`${address}/sharing`, { colleaguesEdit: true })).status).toBe(403);
    expect((await world.stranger.client.put(`${address}/sharing`, { colleaguesEdit: true })).status).toBe(404);
    await world.teacher.client.put(`${address}/sharing`, { colleaguesEdit: true });
    expect((await world.colleague.client.get(address)).body).toMatchObject({
      editable: true,
      colleaguesEdit: true,
      scope: 'school',
    });
    expect((await put(path, { title: 'Van de collega' }, world.colleague)).body).toMatchObject({
      title: 'Van de collega',
      version: 2,
    });
    expect((await put(path, { title: 'Van ver' }, world.stranger)).status).toBe(404);
    expect((await world.colleague.client.delete(address)).status).toBe(403);
    await world.teacher.client.put(`${address}/sharing`, { colleaguesEdit: false });
    expect((await world.colleague.client.get(`${address}/versions`)).status).toBe(403);
  });

  it('lose nothing when they change different steps: the second save is merged with the first', async () => {
    const { path, address } = await shared();
    const extra = await world.activity({ title: 'Erbij' });
    expect((await put(path, { steps: noted(path, 0, 'van de collega') }, world.colleague)).body.merged).toBe(false);
    const late = await put(path, { steps: [...noted(path, 1, 'van mij'), { ref: 'new-1', activityId: extra }] });
    expect(late).toMatchObject({ status: 200, body: { merged: true, version: 3, added: [{ ref: 'new-1' }] } });
    const { body } = await world.teacher.client.get(address);
    expect(body.steps.map(({ note, shownTitle }: any) => note || shownTitle)).toEqual(['van de collega', 'van mij', 'Erbij']);
    expect(late.body.added[0].id).toBe(body.steps[2].id);
  });

  it('lose nothing when both save at the same moment', async () => {
    const { path, address } = await shared();
    const answers = await Promise.all([
      put(path, { steps: noted(path, 0, 'van de collega') }, world.colleague),
      put(path, { steps: noted(path, 1, 'van mij') }),
      put(path, { title: 'Een andere naam' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200]);
    expect(answers.map(({ body }) => body.version).sort()).toEqual([2, 3, 4]);
    expect((await world.teacher.client.get(address)).body).toMatchObject({
      title: 'Een andere naam',
      steps: [{ note: 'van de collega' }, { note: 'van mij' }],
    });
  });

  it('are told what both changed, and nothing is stored', async () => {
    const { path, address } = await shared();
    await put(path, { title: 'Een', steps: noted(path, 0, 'van de collega') }, world.colleague);
    const late = await put(path, { title: 'Twee', steps: noted(path, 0, 'van mij') });
    expect(late).toMatchObject({
      status: 409,
      body: {
        type: '/problems/myway/path-changed',
        version: 2,
        conflicts: [{ what: 'step', key: path.steps[0].id }, { what: 'title' }],
      },
    });
    expect((await world.teacher.client.get(address)).body).toMatchObject({ title: 'Een', version: 2 });
  });

  it('see who is there', async () => {
    const { path, address } = await shared();
    const [step] = path.steps;
    const here = (who: Person, body: object = {}) => who.client.post(`${address}/presence`, body);
    expect((await here(world.teacher)).body).toEqual({ people: [] });
    expect((await here(world.colleague, { stepId: step.id })).body).toEqual({
      people: [{ name: 'Noor Janssens', stepId: null }],
    });
    expect((await here(world.teacher)).body).toEqual({ people: [{ name: 'Noor Jacobs', stepId: step.id }] });
    await here(world.colleague, { leaving: true });
    expect((await here(world.teacher)).body).toEqual({ people: [] });
    expect((await here(world.stranger)).status).toBe(404);
  });
});

describe('versions of a path', () => {
  it('are kept, of one session as one, shown with who changed how much, and brought back with the results of their steps', async () => {
    const [a, b] = [await world.activity({ title: 'A' }), await world.activity({ title: 'B' })];
    const first = await world.path([a, b]);
    const address = `/api/myway/paths/${first.id}`;
    await world.teacher.client.put(`${address}/sharing`, { colleaguesEdit: true });
    const second = (await put(first, { title: 'Tweede' })).body;
    const third = (await put(second, { title: 'Derde', steps: noted(second, 0, 'Let op') })).body;
    const fourth = (await put(third, { steps: content(third).steps.slice(1) }, world.colleague)).body;
    expect(fourth.steps).toHaveLength(1);

    const { body } = await world.teacher.client.get(`${address}/versions`);
    expect(body.versions).toMatchObject([
      { version: 4, by: 'Noor Jacobs', mine: false, steps: 1, added: 0, removed: 1, changed: 0 },
      { version: 3, by: 'Noor Janssens', mine: true, title: 'Derde', steps: 2, changed: 1 },
      { version: 1, title: 'Tafels', steps: 2, added: 0, removed: 0, changed: 0 },
    ]);
    expect(body.versions.map(({ version }: any) => version)).toEqual([4, 3, 1]);
    expect((await world.teacher.client.get(`${address}/versions/3`)).body).toMatchObject({
      title: 'Derde',
      steps: [{ id: first.steps[0].id, shownTitle: 'A' }, { shownTitle: 'B' }],
    });
    expect((await world.teacher.client.get(`${address}/versions/99`)).status).toBe(404);
    expect((await world.stranger.client.get(`${address}/versions/3`)).status).toBe(404);

    const restore = (version: number, current: number) =>
      world.teacher.client.post(`${address}/versions/${version}/restore`, { current });
    expect((await restore(3, 2)).status).toBe(409);
    const back = await restore(3, 4);
    expect(back.body).toMatchObject({
      version: 5,
      title: 'Derde',
      steps: [{ id: first.steps[0].id, note: 'Let op' }, { id: first.steps[1].id }],
    });
  });
});

describe('a path that is published', () => {
  it('is shared with other schools as a copy, renewed with what changed, with the same steps, and taken back', async () => {
    const path = await world.path([await world.activity({ title: 'A' })], { title: 'Voor iedereen' });
    const address = `/api/myway/paths/${path.id}/publication`;
    for (const [who, status] of [
      [world.colleague, 403],
      [world.stranger, 404],
    ] as const) {
      expect((await who.client.post(address, {})).status).toBe(status);
      expect((await who.client.delete(address)).status).toBe(status);
    }
    // What a guest makes stays in the school where they try the portal.
    const guest = await world.person('guest-teacher', world.school);
    const ofGuest = await world.path([], { title: 'Van een gast, voor iedereen' }, guest);
    expect((await guest.client.post(`/api/myway/paths/${ofGuest.id}/publication`, {})).status).toBe(403);
    const sharedPaths = async () =>
      (await world.stranger.client.get('/api/myway/paths?scope=shared&q=iedereen')).body.paths as {
        id: string;
        steps: { id: string }[];
      }[];
    await world.platform.work('myway', ({ publishing }) => publishing.carryOut(20));
    expect(await sharedPaths()).toEqual([]);
    expect((await world.teacher.client.post(address, { note: 'Eerste versie' })).status).toBe(202);
    await world.platform.work('myway', ({ publishing }) => publishing.carryOut(20));
    expect(await sharedPaths()).toMatchObject([{ title: 'Voor iedereen', steps: [{ shownTitle: 'A' }] }]);
    const [first] = await sharedPaths();

    await put(path, { steps: [...content(path).steps, { activityId: await world.activity({ title: 'B' }) }] });
    await world.teacher.client.post(address, { note: 'Met B erbij' });
    await world.platform.work('myway', ({ publishing }) => publishing.carryOut(20));
    const [second] = await sharedPaths();
    expect([second?.id, second?.steps[0]?.id]).toEqual([first?.id, first?.steps[0]?.id]);
    expect(second?.steps[0]?.id).not.toBe(path.steps[0].id);

    // The other school sees the school's name, and no teacher's.
    const seen = await world.stranger.client.get(`/api/myway/paths/${second?.id}/publication`);
    expect(seen.body).toMatchObject({
      pathId: second?.id,
      changes: [
        { school: 'De Wijzer', note: 'Met B erbij', added: 1, removed: 0 },
        { school: 'De Wijzer', note: 'Eerste versie', added: 0 },
      ],
    });
    expect(JSON.stringify(seen.body)).not.toContain('Janssens');
    expect((await world.stranger.client.get(`/api/myway/paths/${second?.id}`)).body).toMatchObject({
      scope: 'shared',
      owner: null,
      editable: false,
    });

    await world.teacher.client.delete(address);
    await world.platform.work('myway', ({ publishing }) => publishing.carryOut(20));
    expect(await sharedPaths()).toEqual([]);
    expect((await world.teacher.client.get(address)).body).toEqual({ pathId: null, changes: [] });
  });
});
