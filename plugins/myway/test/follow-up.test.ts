import { countStatements } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, type Person, type World } from './world.js';

let world: World;
const reading = 'urn:test:lezen';
const maths = 'urn:test:rekenen';

beforeAll(async () => {
  world = await createWorld();
  await world.platform.work('library', ({ curriculum }) =>
    curriculum.importFrom([new URL('./topics.ttl', import.meta.url).pathname]),
  );
});
afterAll(() => world?.stop());

/** What a route answers, and how many statements it took. */
async function ask(who: Person, path: string) {
  await who.client.get('/api/kernel/session');
  const counting = countStatements();
  const { status, body } = await who.client.get(`/api/myway${path}`);
  counting.stop();
  return { status, body, statements: [...counting.sent.values()].flat().length };
}

/** A path with exercises of two tools, given to 3A. */
async function given(title: string) {
  const steps = [
    await world.ltiActivity({ title: 'Lezen', conceptUris: [reading], provider: 'Een' }),
    await world.ltiActivity({ title: 'Lezen en rekenen', conceptUris: [reading, maths], provider: 'Twee' }),
  ];
  const path = await world.path(steps, { title, sequence: 'free' });
  return { path, assignment: await world.assign(path.id) };
}

it('gathers results by topic over all tools, of the class and of one pupil, in a constant number of statements', async () => {
  const [aerts, peeters] = world.pupils;
  const { path, assignment } = await given('Thema');
  const [first, second] = path.steps.map(({ id }: { id: string }) => ({ assignmentId: assignment.id, stepId: id }));
  expect((await ask(world.teacher, `/classes/${world.class3A}/topics`)).body).toEqual({ taught: true, topics: [], more: false });
  await world.score({ ...first, pupil: aerts, scoreGiven: 10 });
  await world.score({ ...second, pupil: aerts, scoreGiven: 5 });
  await world.score({ ...second, pupil: peeters, scoreGiven: 3 });

  const ofClass = await ask(world.teacher, `/classes/${world.class3A}/topics`);
  expect(ofClass.body).toEqual({
    taught: true,
    more: false,
    topics: [
      {
        uri: reading,
        label: 'Lezen',
        isGoal: true,
        activities: 2,
        pupils: 2,
        done: 3,
        scored: 3,
        average: expect.closeTo(0.6),
        low: 2,
      },
      {
        uri: maths,
        label: 'Rekenen',
        isGoal: false,
        activities: 1,
        pupils: 2,
        done: 2,
        scored: 2,
        average: expect.closeTo(0.4),
        low: 2,
      },
    ],
  });
  const ofPupil = await ask(world.teacher, `/pupils/${aerts.id}/topics`);
  expect(ofPupil.body.topics).toMatchObject([
    { uri: reading, done: 2, pupils: 1, average: expect.closeTo(0.75), low: 1 },
    { uri: maths, done: 1 },
  ]);
  // A teacher's own score goes before that of the tool.
  await world.teacher.client.patch(`/api/myway/assignments/${assignment.id}/pupils/${peeters.id}/steps/${second?.stepId}`, {
    score: { given: 9, maximum: 10 },
  });
  expect((await ask(world.teacher, `/classes/${world.class3A}/topics`)).body.topics[1]).toMatchObject({
    average: expect.closeTo(0.7),
    low: 1,
  });

  const more = await given('Nog een thema');
  await world.score({ assignmentId: more.assignment.id, stepId: more.path.steps[0].id, pupil: peeters });
  expect((await ask(world.teacher, `/classes/${world.class3A}/topics`)).statements).toBe(ofClass.statements);
  expect((await ask(world.teacher, `/pupils/${aerts.id}/topics`)).statements).toBe(ofPupil.statements);
});

it('shows a pupil week by week, from the first week with work to this one', async () => {
  const [, pupil] = world.pupils;
  const { path, assignment } = await given('Weken');
  const stepId = path.steps[0].id;
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  await world.score({
    assignmentId: assignment.id,
    stepId,
    pupil,
    scoreGiven: 4,
    timestamp: daysAgo(15),
    receivedAt: daysAgo(15),
  });
  await world.score({ assignmentId: assignment.id, stepId, pupil, scoreGiven: 8, timestamp: daysAgo(1), receivedAt: daysAgo(1) });
  const { body, statements } = await ask(world.teacher, `/pupils/${pupil.id}/weeks`);
  expect(body.taught).toBe(true);
  expect(body.weeks.length).toBeGreaterThanOrEqual(3);
  expect(body.weeks.length).toBeLessThanOrEqual(4);
  expect(body.weeks[0]).toMatchObject({ done: 1, tries: 1, average: 0.4 });
  const days = body.weeks.map(({ monday }: { monday: string }) => new Date(monday).getUTCDay());
  expect(new Set(days)).toEqual(new Set([1]));
  await given('Nog weken');
  expect((await ask(world.teacher, `/pupils/${pupil.id}/weeks`)).statements).toBeLessThanOrEqual(statements);
});

it('shows this to teachers of the pupil only', async () => {
  const [pupil] = world.pupils;
  const principal = await world.person('principal', world.school);
  for (const path of [`/classes/${world.class3A}/topics`, `/pupils/${pupil.id}/topics`, `/pupils/${pupil.id}/weeks`]) {
    expect((await ask(world.colleague, path)).body).toMatchObject({ taught: false });
    expect(JSON.stringify((await ask(world.colleague, path)).body)).not.toContain('Lezen');
    expect((await ask(world.stranger, path)).status).toBe(404);
    expect((await ask(principal, path)).status).toBe(403);
    expect((await ask(pupil, path)).status).toBe(403);
  }
});
