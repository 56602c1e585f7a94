import { countStatements } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, type Person, type World } from './world.js';

let world: World;
let coordinator: Person;

const taalUri = 'urn:test:lezen';
const rekenUri = 'urn:test:rekenen';

beforeAll(async () => {
  world = await createWorld();
  coordinator = await world.person('ict-coordinator', world.school, 'Wouters');
  await world.platform.work('library', ({ curriculum }) =>
    curriculum.importFrom([new URL('./topics.ttl', import.meta.url).pathname]),
  );
});
afterAll(() => world?.stop());

const withdraw = (id: string) =>
  world.platform.work('library', ({ knex }) => knex('activities').where({ id }).update({ available: false }));
const dead = async (who: Person) => (await who.client.get('/api/myway/dead-activities')).body.activities;

/** Two paths of the teacher's and one of a colleague's with an exercise that was withdrawn; the first pupil has done it, the second began. */
async function withdrawnIn() {
  const [gone, other] = [
    await world.ltiActivity({ title: 'Tafels van vroeger', conceptUris: [rekenUri], ageFrom: 7, ageTo: 8 }),
    await world.activity({ title: 'Uitleg' }),
  ];
  const [one, two] = [await world.path([gone, other], { title: 'Een' }), await world.path([other, gone], { title: 'Twee' })];
  const theirs = await world.path([gone], { title: 'Van een collega' }, world.colleague);
  const given = await world.assign(one.id);
  await world.assign(theirs.id, { classId: world.class3B }, world.colleague);
  const step = one.steps[0].id;
  await world.score({ assignmentId: given.id, stepId: step, pupil: world.pupils[0], scoreGiven: 9 });
  await world.pupils[1].client.post(`/api/myway/my-paths/${given.id}/steps/${step}/open`);
  await withdraw(gone);
  return { gone, one, two, theirs, given, step };
}

it('lists what no longer works with its paths, classes and pupils, in a constant number of statements', async () => {
  const before = await dead(world.teacher);
  expect(before).toEqual([]);
  const { gone, one, two } = await withdrawnIn();
  expect(await dead(world.teacher)).toEqual([
    { id: gone, title: 'Tafels van vroeger', reason: 'withdrawn', paths: 2, sharedPaths: 0, classes: 1, pupils: 2 },
  ]);
  expect((await world.teacher.client.get(`/api/myway/dead-activities/${gone}/paths`)).body.paths).toMatchObject([
    { id: one.id, title: 'Een', changeable: true, ofColleague: false, classes: ['3A'], pupils: 2, steps: 1 },
    { id: two.id, title: 'Twee', classes: [], pupils: 0 },
  ]);
  // The coordinator sees the whole school, nobody sees another school.
  expect(await dead(coordinator)).toMatchObject([{ id: gone, paths: 3, classes: 2, pupils: 3 }]);
  expect(await dead(world.stranger)).toEqual([]);
  expect((await world.pupils[0].client.get('/api/myway/dead-activities')).status).toBe(403);

  const statements = async () => {
    await coordinator.client.get('/api/kernel/session');
    const counting = countStatements();
    await coordinator.client.get('/api/myway/dead-activities');
    await coordinator.client.get(`/api/myway/dead-activities/${gone}/paths`);
    counting.stop();
    return [...counting.sent.values()].flat().length;
  };
  const few = await statements();
  for (const title of ['Drie', 'Vier', 'Vijf']) {
    const another = await world.activity({ title });
    await world.assign((await world.path([another, one.steps[1].activityId], { title })).id);
    await withdraw(another);
  }
  expect(await dead(coordinator)).toHaveLength(4);
  expect(await statements()).toBe(few);
});

it('lists a link that was found broken several times, although it can still be opened', async () => {
  const url = 'https://weg.example';
  const gone = await world.activity({ title: 'Website', content: { kind: 'link', url } });
  await world.path([gone], {}, world.colleague);
  const check = (state: string) =>
    world.platform.work('library', ({ knex }) =>
      knex('link_checks')
        .insert({ activity_id: gone, url, host: 'weg.example', state })
        .onConflict('activity_id')
        .merge(['state']),
    );
  for (const state of ['unknown', 'moved']) {
    await check(state);
    expect((await dead(world.colleague)).map(({ id }: { id: string }) => id)).not.toContain(gone);
  }
  await check('broken');
  expect(await dead(world.colleague)).toContainEqual(expect.objectContaining({ id: gone, reason: 'broken', paths: 1 }));
});

it('proposes what is on the same topic, in the same language and for the same age first', async () => {
  const gone = await world.activity({ title: 'Lezen weg', conceptUris: [taalUri], ageFrom: 6, ageTo: 7, difficulty: 2 });
  await world.path([gone]);
  await withdraw(gone);
  const about = (title: string, over = {}) => world.activity({ title, conceptUris: [taalUri], ageFrom: 6, ageTo: 7, ...over });
  await about('Lire', { language: 'fr' });
  await about('Oudere lezers', { ageFrom: 14, ageTo: 16 });
  await about('Past helemaal', { difficulty: 2 });
  await about('Moeilijker', { difficulty: 5 });
  await world.activity({ title: 'Ander onderwerp', conceptUris: [rekenUri] });
  await about('Voor leraren', { teacherOnly: true });
  await withdraw(await about('Ook weg'));
  const { body } = await world.teacher.client.get(`/api/myway/dead-activities/${gone}/alternatives`);
  expect(body.map(({ title }: { title: string }) => title)).toEqual(['Past helemaal', 'Moeilijker', 'Oudere lezers', 'Lire']);
  expect(body[0]).toMatchObject({ shared: ['Lezen'] });
});

it('replaces it everywhere at once, keeps what pupils did, and can be undone', async () => {
  const { gone, one, two, theirs, given, step } = await withdrawnIn();
  const fresh = await world.ltiActivity({ title: 'Nieuwe tafels' });
  const replace = (who: Person, activityId: string, id = gone) =>
    who.client.post(`/api/myway/dead-activities/${id}/replacement`, { activityId });

  // Refused, with nothing changed.
  const forTeachers = await world.activity({ teacherOnly: true });
  expect((await replace(world.teacher, forTeachers)).body.type).toContain('/problems/myway/activity-for-teachers');
  expect((await replace(world.teacher, gone)).status).toBe(422);
  expect((await replace(world.stranger, fresh)).status).toBe(404);
  expect((await replace(world.teacher, gone, fresh)).status).toBe(404);

  const { status, body: done } = await replace(world.teacher, fresh);
  expect([status, done]).toMatchObject([201, { from: 'Tafels van vroeger', to: 'Nieuwe tafels', steps: 2, undone: false }]);
  const stepsOf = async (path: { id: string }, who = world.teacher) =>
    (await who.client.get(`/api/myway/paths/${path.id}`)).body.steps;
  expect(await stepsOf(one)).toMatchObject([{ id: step, activityId: fresh, available: true }, {}]);
  expect(await stepsOf(two)).toMatchObject([{}, { activityId: fresh }]);
  expect(await stepsOf(theirs)).toMatchObject([{ activityId: gone }]);

  const trail = async (n: 0 | 1) => (await world.pupils[n].client.get(`/api/myway/my-paths/${given.id}`)).body;
  expect(await trail(0)).toMatchObject({ done: 1, steps: [{ title: 'Nieuwe tafels', state: 'done', score: { given: 9 } }, {}] });
  expect(await trail(1)).toMatchObject({ done: 0, steps: [{ state: 'started', lock: null }, {}] });
  // A builder that was open does not put the old activity back unasked.
  const stale = await world.teacher.client.put(`/api/myway/paths/${one.id}`, {
    version: one.version,
    title: 'Een',
    description: '',
    sequence: 'in-order',
    steps: [],
  });
  expect(stale.status).toBe(409);

  // The coordinator does the rest of the school; only the maker undoes.
  expect((await replace(coordinator, fresh)).body).toMatchObject({ steps: 1 });
  expect(await stepsOf(theirs, world.colleague)).toMatchObject([{ activityId: fresh }]);
  expect((await coordinator.client.post(`/api/myway/replacements/${done.id}/undo`)).status).toBe(404);

  await world.score({ assignmentId: given.id, stepId: step, pupil: world.pupils[1], scoreGiven: 7 });
  expect((await world.teacher.client.post(`/api/myway/replacements/${done.id}/undo`)).status).toBe(204);
  expect(await stepsOf(one)).toMatchObject([{ id: step, activityId: gone }, {}]);
  expect(await trail(1)).toMatchObject({ steps: [{ state: 'done', score: { given: 7 } }, {}] });
  expect((await world.teacher.client.post(`/api/myway/replacements/${done.id}/undo`)).body.type).toContain('already-undone');
  const { body: made } = await world.teacher.client.get('/api/myway/replacements');
  expect(made).toMatchObject([{ id: done.id, steps: 2, undone: true }]);
});
