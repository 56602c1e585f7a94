import { countStatements } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { mondayOf } from '../src/progress/school-activity.js';
import { createWorld, type Person, type World } from './world.js';

let world: World;
let principal: Person;

/** A day, so many days from today. */
const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);

beforeAll(async () => {
  world = await createWorld();
  principal = await world.person('principal', world.school);
});
afterAll(() => world?.stop());

/** What a part of the start page gets, and how many statements it took. */
async function ask(person: Person, part: string) {
  // A changed session is read again; that must not count.
  await person.client.get('/api/kernel/session');
  const counting = countStatements();
  const { status, body } = await person.client.get(`/api/myway/start/${part}`);
  counting.stop();
  return { status, body, statements: counting.sent.get(`GET /api/myway/start/${part}`)?.length ?? 0 };
}

/** Gives a path of two exercises to 3A, at which the first pupil tried three times in vain, and the second finished a step. */
async function give(title: string, dueOn: string | null) {
  const path = await world.path(
    [await world.ltiActivity({ title: `${title} 1` }), await world.ltiActivity({ title: `${title} 2` })],
    {
      title,
    },
  );
  const assignment = await world.assign(path.id, { dueOn });
  const of = { assignmentId: assignment.id, stepId: path.steps[0].id };
  for (const second of [1, 2, 3])
    await world.score({
      ...of,
      pupil: world.pupils[0],
      scoreGiven: 1,
      timestamp: new Date(Date.now() - second * 1_000).toISOString(),
    });
  await world.score({ ...of, pupil: world.pupils[1], scoreGiven: 9 });
  return { path, assignment };
}

test('ux 4: the start page of a teacher and a pupil says what is to be done, in a constant number of statements', async () => {
  const { path, assignment } = await give('Tafels', daysFromNow(2));
  const few = new Map<string, number>();
  const teacherParts = ['stuck', 'arrived', 'ending', 'building'];

  const stuck = await ask(world.teacher, 'stuck');
  expect(stuck.body).toEqual({
    pupils: [
      {
        assignmentId: assignment.id,
        stepId: path.steps[0].id,
        pupil: { id: world.pupils[0].id, givenName: 'Noor', familyName: 'Aerts' },
        stepTitle: 'Tafels 1',
        language: 'nl',
        className: '3A',
        why: 'trying',
        tries: 3,
      },
    ],
    more: 0,
  });
  expect((await ask(world.teacher, 'arrived')).body.paths).toMatchObject([
    { assignmentId: assignment.id, title: 'Tafels', className: '3A', steps: 2, pupils: 2, low: 1 },
  ]);
  expect((await ask(world.teacher, 'ending')).body.paths).toMatchObject([
    { assignmentId: assignment.id, dueOn: daysFromNow(2), pupils: 2, complete: 0, notStarted: 0 },
  ]);
  expect((await ask(world.teacher, 'building')).body.paths).toMatchObject([{ id: path.id, title: 'Tafels', steps: 2 }]);
  // After a low score, a pupil goes on with the next step.
  const next = await ask(world.pupils[0], 'next');
  expect(next.body.next).toMatchObject({
    path: { assignmentId: assignment.id, title: 'Tafels', done: 1, total: 2 },
    step: { id: path.steps[1].id, title: 'Tafels 2', kind: 'lti', state: 'todo' },
  });
  expect((await ask(world.pupils[0], 'due')).body.paths).toMatchObject([{ assignmentId: assignment.id, late: false }]);

  for (const part of teacherParts) few.set(part, (await ask(world.teacher, part)).statements);
  for (const part of ['next', 'due']) few.set(part, (await ask(world.pupils[0], part)).statements);
  few.set('school', (await ask(principal, 'school')).statements);
  for (let number = 1; number <= 9; number += 1) await give(`Pad ${number}`, daysFromNow(number % 6));
  await world.group({ school: world.school, name: '3C', teachers: [world.teacher], pupils: [world.otherPupil] });
  expect((await ask(world.teacher, 'stuck')).body).toMatchObject({ pupils: { length: 8 }, more: 2 });
  expect((await ask(world.teacher, 'ending')).body.paths).toHaveLength(8);
  for (const [part, statements] of few) {
    const who = part === 'school' ? principal : teacherParts.includes(part) ? world.teacher : world.pupils[0];
    expect(statements, part).toBeGreaterThan(0);
    expect((await ask(who, part)).statements, part).toBeLessThanOrEqual(statements);
  }
});

describe('ux 4: a part of the start page tells each person only what is theirs', () => {
  test('a principal gets numbers by year and no name of a pupil', async () => {
    const { status, body } = await ask(principal, 'school');
    expect(status).toBe(200);
    expect(body.years).toEqual([{ year: 3, classes: 3, activeClasses: 1, pupils: 4, activePupils: 2 }]);
    for (const name of ['Aerts', 'Peeters', 'Willems', 'Noor', ...world.pupils.map(({ id }) => id)])
      expect(JSON.stringify(body)).not.toContain(name);
    expect(body.since).toBe(mondayOf(new Date().toISOString().slice(0, 10)));
  });

  test('a second school sees nothing', async () => {
    for (const part of ['stuck', 'arrived', 'ending', 'building'])
      expect(Object.values((await ask(world.stranger, part)).body)[0], part).toEqual([]);
    expect((await ask(world.strangePupil, 'next')).body).toEqual({ next: null, finished: 0 });
    expect((await ask(world.strangePupil, 'due')).body).toEqual({ paths: [] });
    const other = await world.person('principal', world.otherSchool);
    expect((await ask(other, 'school')).body.years).toEqual([
      { year: 1, classes: 1, activeClasses: 0, pupils: 1, activePupils: 0 },
    ]);
  });

  test('a colleague of the same school sees nothing of a class that they do not teach', async () => {
    for (const part of ['stuck', 'arrived', 'ending', 'building'])
      expect(Object.values((await ask(world.colleague, part)).body)[0], part).toEqual([]);
  });

  test.each([
    ['a pupil', () => world.pupils[0], ['stuck', 'arrived', 'ending', 'building', 'school']],
    ['a teacher', () => world.teacher, ['next', 'due', 'school']],
    ['a principal', () => principal, ['next', 'due', 'stuck', 'arrived', 'ending', 'building']],
  ])('%s is refused what belongs to other roles', async (_, who, parts) => {
    for (const part of parts) expect((await ask(who(), part)).status, part).toBe(403);
  });

  test.each([
    ['2026-11-27', '2026-11-23'],
    ['2026-11-23', '2026-11-23'],
    ['2026-11-29', '2026-11-23'],
    ['2027-01-01', '2026-12-28'],
  ])('the week of %s began on %s', (day, monday) => expect(mondayOf(day)).toBe(monday));
});
