import notifications from '@ilearn/plugin-notifications';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type Person, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld({}, { plugins: [notifications] });
});
afterAll(() => world?.stop());

/** A path of three exercises, given to 3A. */
async function given() {
  const path = await world.path([
    await world.ltiActivity({ title: 'Eerst' }),
    await world.ltiActivity({ title: 'Dan' }),
    await world.ltiActivity({ title: 'Ten slotte' }),
  ]);
  const assignment = await world.assign(path.id);
  const [first, second, third] = path.steps.map(({ id }: { id: string }) => id) as [string, string, string];
  const [pupil, other] = world.pupils;
  const decide = (step: string, body: unknown, who: Person = world.teacher, of = pupil) =>
    who.client.patch(`/api/myway/assignments/${assignment.id}/pupils/${of.id}/steps/${step}`, body);
  const trail = async (of = pupil) => (await of.client.get(`/api/myway/my-paths/${assignment.id}`)).body;
  return { assignment, first, second, third, pupil, other, decide, trail };
}

describe('a teacher decides for one pupil', () => {
  it('lets them skip a step: it counts as done, for nobody else', async () => {
    const { first, pupil, other, decide, trail, assignment } = await given();
    expect((await decide(first, { skipped: true })).body).toMatchObject({
      row: { done: 1, total: 3, cells: [{ state: 'todo', skipped: true }, { next: true, locked: false }, { locked: true }] },
    });
    expect(await trail()).toMatchObject({ done: 1, steps: [{ skipped: true, next: false, lock: null }, { next: true }, {}] });
    expect(await trail(other)).toMatchObject({
      done: 0,
      steps: [{ skipped: false, next: true }, { lock: { reason: 'previous' } }, {}],
    });
    // Who wants to do it all the same may.
    expect((await pupil.client.post(`/api/myway/my-paths/${assignment.id}/steps/${first}/open`)).status).toBe(200);
    await decide(first, { skipped: false });
    expect(await trail()).toMatchObject({
      done: 0,
      steps: [{ skipped: false, next: true }, { lock: { reason: 'previous' } }, {}],
    });
  });

  it('opens a step before its turn, and that one only', async () => {
    const { third, pupil, decide, trail, assignment } = await given();
    const open = () => pupil.client.post(`/api/myway/my-paths/${assignment.id}/steps/${third}/open`);
    expect((await open()).status).toBe(409);
    await decide(third, { unlocked: true });
    expect(await trail()).toMatchObject({ steps: [{ next: true }, { lock: { reason: 'previous' } }, { lock: null }] });
    expect((await open()).status).toBe(200);
  });

  it('gives a score of their own with words: it goes before that of the tool, however late, until it is taken back', async () => {
    const { first, pupil, decide, trail, assignment } = await given();
    await world.score({ assignmentId: assignment.id, stepId: first, pupil, scoreGiven: 2 });
    await decide(first, { score: { given: 7, maximum: 10 }, note: 'Mondeling overlopen: je kunt het.' });
    expect(await trail()).toMatchObject({
      steps: [{ score: { given: 7 }, low: false, ownScore: true, teacherNote: 'Mondeling overlopen: je kunt het.' }, {}, {}],
    });
    await world.score({ assignmentId: assignment.id, stepId: first, pupil, scoreGiven: 1 });
    const board = await world.teacher.client.get(`/api/myway/assignments/${assignment.id}/progress`);
    expect(board.body.rows[0].cells[0]).toMatchObject({ score: { given: 7, maximum: 10 }, low: false, tries: 2, ownScore: true });
    await decide(first, { score: null });
    expect(await trail()).toMatchObject({ steps: [{ score: { given: 1 }, low: true, ownScore: false }, {}, {}] });
    // A reset takes everything back.
    await decide(first, { score: { given: 9, maximum: 10 }, skipped: true });
    await world.teacher.client.put(`/api/myway/assignments/${assignment.id}/pupils/${pupil.id}/steps/${first}`, {
      state: 'todo',
    });
    expect(await trail()).toMatchObject({ steps: [{ state: 'todo', score: null, skipped: false, teacherNote: null }, {}, {}] });
  });

  it('a score completes the step, and the pupil is told in the portal', async () => {
    const { second, pupil, decide, trail, assignment } = await given();
    await decide(second, { score: { given: 3, maximum: 4 } });
    expect((await trail()).steps[1]).toMatchObject({ state: 'done', score: { given: 3, maximum: 4 } });
    const { body } = await pupil.client.get('/api/notifications/inbox');
    expect(JSON.stringify(body)).toContain(`/mijn-paden/${assignment.id}`);
    expect(JSON.stringify(body)).toContain('Dan');
  });

  it('refuses what makes no sense, and everybody who does not teach the pupil', async () => {
    const { first, decide, trail } = await given();
    for (const body of [
      {},
      { score: { given: 11, maximum: 10 } },
      { score: { given: -1, maximum: 10 } },
      { score: { given: 1, maximum: 0 } },
      { x: 1 },
    ])
      expect((await decide(first, body)).status).toBe(400);
    for (const who of [world.colleague, world.stranger]) expect((await decide(first, { skipped: true }, who)).status).toBe(404);
    expect((await decide(first, { skipped: true }, world.pupils[1])).status).toBe(403);
    expect((await decide(first, { skipped: true }, world.teacher, world.otherPupil)).status).toBe(404);
    expect((await trail()).steps[0]).toMatchObject({ skipped: false, state: 'todo' });
  });
});

it('tells the teachers of the class of work that is handed in, and the pupil of the answer, without names or results', async () => {
  const path = await world.path([]);
  const saved = await world.teacher.client.put(`/api/myway/paths/${path.id}`, {
    ...path,
    title: 'Mijn dorp',
    steps: [{ content: { kind: 'task', text: 'Teken je dorp.', maximum: 10 }, title: 'De tekening' }],
  });
  expect(saved.status, JSON.stringify(saved.body)).toBe(200);
  const [step] = saved.body.steps;
  const { id } = await world.assign(path.id);
  const [pupil, other] = world.pupils;
  const inbox = async (who: Person) =>
    (await who.client.get('/api/notifications/inbox')).body.items.filter(({ place }: { place: string }) => place.includes(id));
  const body = new FormData();
  body.set('text', 'Dit is mijn dorp.');
  const handIn = () => pupil.client.request('POST', `/api/myway/my-paths/${id}/steps/${step.id}/work`, { multipart: body });
  expect((await handIn()).status).toBe(200);
  expect((await handIn()).status).toBe(200);
  await world.platform.drain();
  const told = { kind: 'myway.work-handed-in', place: `/opvolging/${id}`, params: { title: 'Mijn dorp' }, count: 2 };
  for (const teacher of [world.teacher, world.coTeacher]) expect(await inbox(teacher)).toMatchObject([told]);
  expect(await inbox(world.colleague)).toEqual([]);

  const answer = { comment: 'Heel mooi, Noor.', score: 9, again: true };
  await world.teacher.client.post(`/api/myway/assignments/${id}/pupils/${pupil.id}/steps/${step.id}/feedback`, answer);
  const answered = (await inbox(pupil)).filter(({ kind }: { kind: string }) => kind === 'myway.work-answered');
  expect(answered).toMatchObject([{ place: `/mijn-paden/${id}/stap/${step.id}`, params: { title: 'De tekening' } }]);
  expect((await inbox(other)).filter(({ kind }: { kind: string }) => kind === 'myway.work-answered')).toEqual([]);
  // Neither names, words nor scores are in what is sent.
  for (const item of [...(await inbox(pupil)), ...(await inbox(world.teacher))])
    expect(JSON.stringify(item.params)).not.toMatch(/Noor|Heel|dorp\.|9/);
});

it('a message reaches the pupils it was written to, and only them', async () => {
  const { assignment, pupil, other } = await given();
  const send = (pupilIds: string[], who: Person = world.teacher) =>
    who.client.post(`/api/myway/assignments/${assignment.id}/messages`, { pupilIds, text: 'Kom straks even langs.' });
  expect((await send([pupil.id, world.otherPupil.id])).status).toBe(422);
  expect((await send([pupil.id], world.colleague)).status).toBe(404);
  expect((await send([pupil.id])).status).toBe(204);
  const read = async (who: Person) => (await who.client.get(`/api/myway/my-paths/${assignment.id}/messages`)).body;
  expect(await read(pupil)).toMatchObject([{ text: 'Kom straks even langs.' }]);
  expect(await read(other)).toEqual([]);
  const { body } = await pupil.client.get('/api/notifications/inbox');
  expect(JSON.stringify(body)).not.toContain('Kom straks');
});
