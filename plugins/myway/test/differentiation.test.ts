import notifications from '@ilearn/plugin-notifications';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWorld, type Person, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld({}, { plugins: [notifications] });
});
afterAll(() => world?.stop());

const daysFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10);
const mine = async (who: Person): Promise<string[]> =>
  (await who.client.get('/api/myway/my-paths')).body.map(({ assignmentId }: { assignmentId: string }) => assignmentId);
const has = async (who: Person, { id }: { id: string }) => (await mine(who)).includes(id);
const path = async (title: string) =>
  world.path([await world.ltiActivity({ title: `${title} 1` }), await world.ltiActivity({ title: `${title} 2` })], { title });
const directory = (work: (services: any) => Promise<unknown>) => world.platform.work('directory', work as never);
const enrol = (who: Person, classId: string) =>
  directory(({ knex }) =>
    knex('enrolments').insert({ school_id: world.school, class_id: classId, person_id: who.id, role: 'pupil' }),
  );
const leave = (who: Person, classId: string) =>
  directory(({ knex }) => knex('enrolments').where({ class_id: classId, person_id: who.id }).delete());

describe('first day', () => {
  it('pupils see and are told of a path when its first day begins in the time zone of their school, and not before', async () => {
    const assignment = await world.assign((await path('Later')).id, { beginsOn: daysFromNow(2), dueOn: daysFromNow(9) });
    expect(assignment).toMatchObject({ beginsOn: daysFromNow(2) });
    const [pupil] = world.pupils;
    const address = `/api/myway/my-paths/${assignment.id}`;
    expect(await has(pupil, assignment)).toBe(false);
    expect((await pupil.client.get(address)).status).toBe(404);
    const told = async () => JSON.stringify((await pupil.client.get('/api/notifications/inbox')).body).includes(assignment.id);
    const announce = async () => {
      await world.platform.work('myway', ({ jobs }) => jobs.enqueue('announce-begun', {}));
      await world.platform.drain();
    };
    await announce();
    expect(await told()).toBe(false);

    const at = await world.platform.work('myway', ({ knex }) =>
      knex('assignments').where({ id: assignment.id }).first(knex.raw("begins_at at time zone 'Europe/Brussels' as local")),
    );
    expect(at.local.toISOString()).toBe(`${daysFromNow(2)}T00:00:00.000Z`);

    await world.platform.work('myway', ({ knex }) =>
      knex('assignments')
        .where({ id: assignment.id })
        .update({ begins_at: knex.raw("now() - interval '1 second'") }),
    );
    expect(await has(pupil, assignment)).toBe(true);
    await announce();
    expect(await told()).toBe(true);
    await announce();
    const { body } = await pupil.client.get('/api/notifications/inbox');
    expect(JSON.stringify(body).split(`/mijn-paden/${assignment.id}`)).toHaveLength(2);
  });

  it('can be changed, and is never after the due date', async () => {
    const assignment = await world.assign((await path('Dagen')).id, { dueOn: '2027-03-28' });
    const change = (body: unknown) => world.teacher.client.patch(`/api/myway/assignments/${assignment.id}`, body);
    expect((await change({ beginsOn: '2027-03-29' })).body.type).toContain('begins-after-due');
    // The day on which summer time begins.
    expect((await change({ beginsOn: '2027-03-28' })).body).toMatchObject({ beginsOn: '2027-03-28', dueOn: '2027-03-28' });
    expect((await change({ dueOn: '2027-03-27' })).status).toBe(422);
    expect((await change({ beginsOn: null })).body).toMatchObject({ beginsOn: null });
    expect(await has(world.pupils[0], assignment)).toBe(true);
  });
});

it('a path goes to several classes at once, and those that have it are left out; all or nothing otherwise', async () => {
  const { class3A, teacher, otherPupil, pupils } = world;
  const class4A = await world.group({ school: world.school, name: '4A', teachers: [teacher], pupils: [otherPupil] });
  const { id } = await path('Samen');
  const give = (classIds: string[]) => teacher.client.post(`/api/myway/paths/${id}/assignments/many`, { classIds });
  expect((await give([class4A, world.class3B])).status).toBe(404);
  expect(await mine(otherPupil)).toEqual([]);
  expect((await give([class3A])).body).toMatchObject({ given: [expect.any(String)], had: [] });
  const { body } = await give([class3A, class4A, class4A]);
  expect(body).toMatchObject({ given: [expect.any(String)], had: [class3A] });
  expect(await mine(otherPupil)).toEqual(body.given);
  expect((await mine(pupils[0])).length).toBeGreaterThan(0);
});

describe('a pupil has a variant of the path, without a copy of it', () => {
  it('with an easier activity under the same step: only for them, with their results', async () => {
    const [pupil, other] = world.pupils;
    const given = await path('Variant');
    const assignment = await world.assign(given.id);
    const step = given.steps[0].id;
    const easier = await world.ltiActivity({ title: 'Makkelijker' });
    const set = (activityId: string | null) =>
      world.teacher.client.patch(`/api/myway/assignments/${assignment.id}/pupils/${pupil.id}/steps/${step}`, { activityId });
    const trail = async (who: Person) => (await who.client.get(`/api/myway/my-paths/${assignment.id}`)).body.steps;
    expect((await set(await world.activity({ teacherOnly: true }))).status).toBe(422);
    expect((await set(easier)).body.steps[0]).toMatchObject({ title: 'Variant 1', other: 'Makkelijker' });
    expect(await trail(pupil)).toMatchObject([{ id: step, title: 'Makkelijker', next: true }, { title: 'Variant 2' }]);
    expect(await trail(other)).toMatchObject([{ title: 'Variant 1' }, {}]);
    await pupil.client.post(`/api/myway/my-paths/${assignment.id}/steps/${step}/open`);
    const [launch] = await world.platform.work('lti', ({ knex }) => knex('launches').where({ person_id: pupil.id }));
    expect(launch.request).toMatchObject({ title: 'Makkelijker' });
    await world.score({ assignmentId: assignment.id, stepId: step, pupil, scoreGiven: 8 });
    await set(null);
    expect(await trail(pupil)).toMatchObject([{ title: 'Variant 1', state: 'done', score: { given: 8 } }, { next: true }]);
  });

  it('with a step of their own after one of the path, which others do not have', async () => {
    const [pupil, other] = world.pupils;
    const given = await path('Extra');
    const assignment = await world.assign(given.id);
    const [first] = given.steps;
    const address = `/api/myway/assignments/${assignment.id}/pupils/${pupil.id}/steps`;
    const more = await world.ltiActivity({ title: 'Nog een oefening' });
    expect((await world.colleague.client.post(`${address}/${first.id}/extra`, { activityId: more })).status).toBe(404);
    expect((await world.teacher.client.post(`${address}/${first.id}/extra`, { activityId: given.id })).status).toBe(422);
    const { body } = await world.teacher.client.post(`${address}/${first.id}/extra`, { activityId: more });
    expect(body.steps).toMatchObject([{ title: 'Extra 1' }, { title: 'Nog een oefening', extra: true }, { title: 'Extra 2' }]);
    const extra = body.steps[1].id;
    const trail = async (who: Person) => (await who.client.get(`/api/myway/my-paths/${assignment.id}`)).body;
    const boardAddress = `/api/myway/assignments/${assignment.id}/progress`;
    const board = async () => (await world.teacher.client.get(boardAddress)).body;
    expect(await board()).toMatchObject({
      steps: [{ title: 'Extra 1' }, { title: 'Extra 2' }],
      rows: [
        { total: 3, cells: [{}, {}], extra: [{ stepId: extra, title: 'Nog een oefening', state: 'todo', locked: true }] },
        { total: 2, cells: [{}, {}], extra: [] },
      ],
    });
    expect(await trail(pupil)).toMatchObject({ total: 3, steps: [{}, { id: extra, lock: { reason: 'previous' } }, {}] });
    expect(await trail(other)).toMatchObject({ total: 2, steps: [{ title: 'Extra 1' }, { title: 'Extra 2' }] });
    await world.score({ assignmentId: assignment.id, stepId: first.id, pupil });
    await pupil.client.post(`/api/myway/my-paths/${assignment.id}/steps/${extra}/open`);
    await world.score({ assignmentId: assignment.id, stepId: extra, pupil, scoreGiven: 6 });
    expect(await trail(pupil)).toMatchObject({ done: 2, steps: [{}, { state: 'done', score: { given: 6 } }, { next: true }] });
    expect((await board()).rows[0]).toMatchObject({ done: 2, extra: [{ state: 'done', score: { given: 6 }, low: false }] });
    const { body: person } = await world.teacher.client.get(`/api/myway/pupils/${pupil.id}/progress`);
    expect(person.paths[0]).toMatchObject({ done: 2, total: 3, extra: [{ stepId: extra }] });
    // The teacher goes on building the path; the extra step is not one of it.
    const now = (await world.teacher.client.get(`/api/myway/paths/${given.id}`)).body;
    expect(now.steps).toHaveLength(2);
    await world.teacher.client.put(`/api/myway/paths/${given.id}`, { ...now, steps: now.steps.slice(0, 1) });
    expect((await trail(pupil)).steps).toMatchObject([{ title: 'Extra 1' }, { id: extra }]);
    expect((await world.teacher.client.delete(`${address}/${first.id}`)).status).toBe(404);
    expect((await world.teacher.client.delete(`${address}/${extra}`)).body.steps).toHaveLength(1);
    expect((await trail(pupil)).steps).toHaveLength(1);
  });

  it('without a step, which counts as done for them alone (see overrides)', async () => {
    const given = await path('Minder');
    const assignment = await world.assign(given.id);
    await world.teacher.client.patch(
      `/api/myway/assignments/${assignment.id}/pupils/${world.pupils[0].id}/steps/${given.steps[0].id}`,
      { skipped: true },
    );
    const board = await world.teacher.client.get(`/api/myway/assignments/${assignment.id}/progress`);
    expect(board.body.rows.map(({ done }: { done: number }) => done)).toEqual([1, 0]);
  });
});

it('a group is made from results: all below 60 % on a step, or the others', async () => {
  const given = await path('Groep');
  const assignment = await world.assign(given.id);
  const stepId = given.steps[0].id;
  const make = (body: Record<string, unknown>, who = world.teacher) =>
    who.client.post(`/api/myway/assignments/${assignment.id}/groups`, {
      name: 'Nog eens',
      stepId,
      share: 0.6,
      side: 'below',
      ...body,
    });
  expect((await make({})).body.type).toContain('group-empty');
  await world.score({ assignmentId: assignment.id, stepId, pupil: world.pupils[0], scoreGiven: 5 });
  await world.score({ assignmentId: assignment.id, stepId, pupil: world.pupils[1], scoreGiven: 6 });
  expect((await make({}, world.colleague)).status).toBe(404);
  expect((await make({ stepId: given.id })).status).toBe(422);
  const low = (await make({})).body;
  expect(low).toMatchObject({ pupils: 1 });
  expect((await make({ name: 'Verder', side: 'from' })).body).toMatchObject({ pupils: 1 });
  const remedial = await world.assign((await path('Remediëring')).id, { classId: low.classId });
  expect(await Promise.all(world.pupils.map((pupil) => has(pupil, remedial)))).toEqual([true, false]);
});

describe('when the roster changes', () => {
  it('a pupil who changes class leaves the paths of the old class with their results, and has those of the new one', async () => {
    const pupil = await world.person('pupil', world.school, 'Verhuis');
    await enrol(pupil, world.class3A);
    const given = await path('Oude klas');
    const [old, theirs] = [
      await world.assign(given.id),
      await world.assign(
        (await world.path([await world.activity()], { title: 'Nieuwe klas' }, world.colleague)).id,
        { classId: world.class3B },
        world.colleague,
      ),
    ];
    const step = { assignmentId: old.id, stepId: given.steps[0].id };
    await world.score({ ...step, pupil });
    await leave(pupil, world.class3A);
    await enrol(pupil, world.class3B);
    expect([await has(pupil, old), await has(pupil, theirs)]).toEqual([false, true]);
    const board = async () => (await world.teacher.client.get(`/api/myway/assignments/${old.id}/progress`)).body.rows;
    expect((await board()).some((row: any) => row.pupil.id === pupil.id)).toBe(false);
    // A tool that answers late loses nothing.
    await world.score({ ...step, pupil, scoreGiven: 10 });
    await enrol(pupil, world.class3A);
    expect((await board()).find((row: any) => row.pupil.id === pupil.id).cells[0]).toMatchObject({
      state: 'done',
      score: { given: 10 },
    });
    await Promise.all([leave(pupil, world.class3A), leave(pupil, world.class3B)]);
  });

  it('a new pupil has what was given to the whole class, and not what was given to some', async () => {
    const [whole, some] = [
      await world.assign((await path('Iedereen')).id),
      await world.assign((await path('Enkelen')).id, { pupilIds: [world.pupils[0].id] }),
    ];
    const pupil = await world.person('pupil', world.school, 'Nieuw');
    await enrol(pupil, world.class3A);
    expect([await has(pupil, whole), await has(pupil, some)]).toEqual([true, false]);
    await leave(pupil, world.class3A);
  });

  it('a teacher who leaves takes nothing along: the class goes on, and the other teachers follow it', async () => {
    const leaver = await world.person('teacher', world.school, 'Vertrekt');
    const addTeacher = () =>
      directory(({ knex }) =>
        knex('enrolments').insert({ school_id: world.school, class_id: world.class3A, person_id: leaver.id, role: 'teacher' }),
      );
    await addTeacher();
    const made = await world.path([await world.activity()], { title: 'Van wie vertrekt' }, leaver);
    const assignment = await world.assign(made.id, {}, leaver);
    await leave(leaver, world.class3A);
    expect((await leaver.client.get(`/api/myway/assignments/${assignment.id}/progress`)).status).toBe(404);
    expect((await world.teacher.client.get(`/api/myway/assignments/${assignment.id}/progress`)).status).toBe(200);
    expect(await has(world.pupils[0], assignment)).toBe(true);
    expect((await world.teacher.client.patch(`/api/myway/assignments/${assignment.id}`, { ended: true })).status).toBe(200);
    expect((await world.teacher.client.post(`/api/myway/paths/${made.id}/copy`, {})).status).toBe(201);
  });

  it('at the turn of the school year the paths of last year’s class stay with it, with their results', async () => {
    const { otherSchool, stranger, strangePupil, strangeClass } = world;
    const given = await world.path([await world.activity()], { title: 'Vorig jaar' }, stranger);
    const assignment = await world.assign(given.id, { classId: strangeClass }, stranger);
    await strangePupil.client.post(`/api/myway/my-paths/${assignment.id}/steps/${given.steps[0].id}/done`);
    expect(await has(strangePupil, assignment)).toBe(true);
    await directory(({ knex }) =>
      knex('school_years').insert({
        id: crypto.randomUUID(),
        school_id: otherSchool,
        name: '2998-2999',
        starts_on: knex.raw('current_date'),
        ends_on: knex.raw('current_date + 300'),
      }),
    );
    expect(await has(strangePupil, assignment)).toBe(false);
    expect((await stranger.client.get('/api/myway/assignments')).body).toEqual([]);
    expect((await stranger.client.get('/api/myway/classes')).body).toEqual([]);
    const kept = await world.platform.work('myway', ({ knex }) => knex('results').where({ assignment_id: assignment.id }));
    expect(kept).toMatchObject([{ state: 'done', pupil_id: strangePupil.id }]);
  });
});
