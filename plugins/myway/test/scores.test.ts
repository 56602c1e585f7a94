import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { givenExercise } from './given-exercise.js';
import { createWorld, type World } from './world.js';

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

const at = (minute: number) => `2026-11-20T10:${String(minute).padStart(2, '0')}:00.000Z`;

const exercise = () => givenExercise(world);

describe('a score of a tool', () => {
  it('counts once, however often it arrives', async () => {
    const { placement, detail } = await exercise();
    await world.score({ ...placement, timestamp: at(1) });
    await world.score({ ...placement, timestamp: at(1), scoreGiven: 2 });
    expect(await detail()).toMatchObject({ state: 'done', doneBy: 'tool', attempts: [{ given: 8, maximum: 10, at: at(1) }] });
  });

  it('that is older than the last one is a try, and does not replace it', async () => {
    const { placement, cell } = await exercise();
    await world.score({ ...placement, timestamp: at(5), scoreGiven: 9 });
    await world.score({ ...placement, timestamp: at(4), scoreGiven: 1 });
    expect(await cell()).toMatchObject({ score: { given: 9, maximum: 10 }, tries: 2 });
  });

  it('is compared as a point in time, in any time zone', async () => {
    const { placement, cell } = await exercise();
    await world.score({ ...placement, timestamp: '2026-11-20T10:05:00+00:00', scoreGiven: 9 });
    await world.score({ ...placement, timestamp: '2026-11-20T11:04:00+01:00', scoreGiven: 1 });
    expect((await cell()).score.given).toBe(9);
    await world.score({ ...placement, timestamp: '2026-11-20T11:06:00.123456+01:00', scoreGiven: 10 });
    expect((await cell()).score.given).toBe(10);
  });

  it('starts the step before completion; completes it when completed, or submitted and fully graded; it stays completed', async () => {
    const { placement, cell } = await exercise();
    await world.score({
      ...placement,
      timestamp: at(1),
      activityProgress: 'InProgress',
      gradingProgress: 'NotReady',
      scoreGiven: null,
      scoreMaximum: null,
    });
    expect(await cell()).toMatchObject({ state: 'started', score: null, tries: 0 });
    await world.score({
      ...placement,
      timestamp: at(2),
      activityProgress: 'Submitted',
      gradingProgress: 'Pending',
      scoreGiven: null,
      scoreMaximum: null,
    });
    expect((await cell()).state).toBe('started');
    await world.score({
      ...placement,
      timestamp: at(3),
      activityProgress: 'Submitted',
      gradingProgress: 'FullyGraded',
      scoreGiven: 6,
    });
    expect(await cell()).toMatchObject({ state: 'done', score: { given: 6 }, tries: 1 });
    await world.score({
      ...placement,
      timestamp: at(4),
      activityProgress: 'InProgress',
      gradingProgress: 'Pending',
      scoreGiven: 7,
    });
    expect(await cell()).toMatchObject({ state: 'done', score: null, marking: 'pending', tries: 1 });
  });

  it('without scoreGiven withdraws the earlier one (AGS 2.0 §3.4.5)', async () => {
    const { placement, cell } = await exercise();
    await world.score({ ...placement, timestamp: at(1) });
    await world.score({ ...placement, timestamp: at(2), scoreGiven: null, scoreMaximum: null, gradingProgress: 'PendingManual' });
    expect(await cell()).toMatchObject({ state: 'done', score: null });
  });

  it('above the maximum is stored as it is: a tool may give a bonus', async () => {
    const { placement, cell } = await exercise();
    await world.score({ ...placement, scoreGiven: 11 });
    expect((await cell()).score).toEqual({ given: 11, maximum: 10 });
  });

  it('for an unknown placement is ignored', async () => {
    const { placement, cell } = await exercise();
    const other = await exercise();
    for (const resourceLinkId of [
      'someone-elses',
      `${randomUUID()}:${randomUUID()}`,
      `${placement.assignmentId}:${other.placement.stepId}`,
      ':',
    ]) {
      await world.score({ ...placement, resourceLinkId });
    }
    await world.score({ ...placement, school: world.otherSchool });
    expect(await cell()).toMatchObject({ state: 'todo', score: null });
    const rows = await world.platform.work('myway', ({ knex }) =>
      knex('results').where({ assignment_id: placement.assignmentId }),
    );
    expect(rows).toEqual([]);
  });

  it('is recorded if it is the newer of two concurrent ones', async () => {
    const { placement, cell } = await exercise();
    const publish = (minute: number, scoreGiven: number) => world.score({ ...placement, timestamp: at(minute), scoreGiven });
    await Promise.all([publish(2, 2), publish(4, 4), publish(3, 3)]);
    expect((await cell()).score.given).toBe(4);
  });
});

describe('a teacher', () => {
  it('completes a step for a pupil, and a later score is kept', async () => {
    const { placement, set, detail } = await exercise();
    expect((await set('done')).body.steps[0]).toMatchObject({ state: 'done', doneBy: 'teacher', startedAt: null });
    await world.score(placement);
    expect(await detail()).toMatchObject({ state: 'done', doneBy: 'teacher', attempts: [{ given: 8 }] });
  });

  it('resets a step for a pupil: score and tries are removed, and earlier scores of the tool do not return', async () => {
    const { placement, set, cell, detail } = await exercise();
    await world.score({ ...placement, timestamp: at(5), scoreGiven: 3 });
    expect((await set('todo')).body.steps[0]).toMatchObject({ state: 'todo', attempts: [] });
    await world.score({ ...placement, timestamp: at(5), scoreGiven: 3 });
    await world.score({ ...placement, timestamp: at(4), scoreGiven: 2 });
    expect(await cell()).toMatchObject({ state: 'todo', score: null, tries: 0 });
    await world.score({ ...placement, timestamp: at(6), scoreGiven: 9 });
    expect(await detail()).toMatchObject({ state: 'done', attempts: [{ given: 9 }] });
  });

  it('sees who is stuck: three tries under 60 %, or started more than seven days ago', async () => {
    const { placement, cell, assignment } = await exercise();
    for (const minute of [1, 2, 3]) await world.score({ ...placement, timestamp: at(minute), scoreGiven: 5 });
    expect(await cell()).toMatchObject({ stuck: 'trying', tries: 3 });
    await world.score({ ...placement, timestamp: at(4), scoreGiven: 6 });
    expect(await cell()).toMatchObject({ stuck: null, tries: 4 });

    const [, second] = world.pupils;
    await second.client.post(`/api/myway/my-paths/${assignment.id}/steps/${placement.stepId}/open`);
    await world.platform.work('myway', ({ knex }) =>
      knex('results')
        .where({ pupil_id: second.id, assignment_id: assignment.id })
        .update({ started_at: knex.raw(`now() - interval '8 days'`) }),
    );
    const { body } = await world.teacher.client.get(`/api/myway/assignments/${assignment.id}/progress`);
    expect(body.rows[1]).toMatchObject({ stuck: true, cells: [{ stuck: 'waiting' }] });
    const overview = await world.teacher.client.get('/api/myway/assignments');
    expect(overview.body.find((each: any) => each.id === assignment.id).counts).toEqual({
      pupils: 2,
      complete: 1,
      busy: 1,
      notStarted: 0,
      stuck: 1,
      low: 0,
    });
  });
});
