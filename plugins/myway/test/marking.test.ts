import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { tableOf } from '../src/progress/csv.js';
import { givenExercise } from './given-exercise.js';
import { createWorld, type World } from './world.js';

/* What teachers and pupils see of the scores of tools, as AGS 2.0 §3.4 means them. */

let world: World;
beforeAll(async () => {
  world = await createWorld();
});
afterAll(() => world?.stop());

let minute = 0;
const at = () => {
  minute += 1;
  return new Date(Date.UTC(2026, 10, 20, 10, minute)).toISOString();
};

async function exercise() {
  const given = await givenExercise(world);
  const { placement, assignment } = given;
  return {
    ...given,
    score: (changes: object) => world.score({ ...placement, timestamp: at(), ...changes }),
    mine: async () => (await placement.pupil.client.get(`/api/myway/my-paths/${assignment.id}`)).body.steps[0],
    row: async () =>
      (await world.platform.work('myway', ({ knex }) => knex('results').where({ assignment_id: assignment.id })))[0],
  };
}

describe('scores above their maximum', () => {
  test('LTI F3: of any size are recorded as one try, and shown as they were sent', async () => {
    const { score, cell, detail, mine } = await exercise();
    const pairs = [
      [1.1, 1],
      [10.0000001, 10],
      [Number.MAX_VALUE, Number.MIN_VALUE],
      [Number.MIN_VALUE, Number.MAX_VALUE],
    ] as const;
    for (const [index, [given, maximum]] of pairs.entries()) {
      await score({ scoreGiven: given, scoreMaximum: maximum });
      expect(await cell()).toMatchObject({ score: { given, maximum }, tries: index + 1, low: given < maximum });
      expect((await mine()).score).toEqual({ given, maximum });
    }
    expect((await detail()).attempts).toHaveLength(pairs.length);
  });

  test('LTI F3: are numbers in the spreadsheet', async () => {
    const { score, board } = await exercise();
    const words = { familyName: '', givenName: '', done: '', lastActive: '', cell: () => '', progress: () => '' };
    for (const [given, maximum, shown] of [
      [11, 10, 110],
      [10.0000001, 10, 100],
      [Number.MAX_VALUE, Number.MIN_VALUE, Number.MAX_SAFE_INTEGER / 10],
    ]) {
      await score({ scoreGiven: given, scoreMaximum: maximum });
      expect(tableOf((await world.teacher.client.get(`${board}/progress`)).body, words)[1]?.[2]).toBe(shown);
    }
  });
});

describe('a score that is not final', () => {
  const notFinal = [
    ['Pending', 'pending'],
    ['PendingManual', 'pending'],
    ['Failed', 'failed'],
    ['NotReady', null],
  ] as const;

  it.each(notFinal)('LTI F4: %s is no result, low score or try, and shows its state: %s', async (gradingProgress, marking) => {
    for (const activityProgress of ['InProgress', 'Submitted', 'Completed'] as const) {
      const { score, cell, mine } = await exercise();
      await score({ gradingProgress, activityProgress, scoreGiven: 1 });
      const done = activityProgress === 'Completed' && gradingProgress !== 'Failed';
      const expected = { score: null, marking, state: done ? 'done' : 'started' };
      expect(await cell()).toMatchObject({ ...expected, low: false, tries: 0 });
      expect(await mine()).toMatchObject(expected);
      // The final score, when it comes.
      await score({ scoreGiven: 8 });
      expect(await cell()).toMatchObject({ score: { given: 8 }, marking: null, state: 'done', tries: 1 });
    }
  });

  test('LTI F4: failed marking does not change a completed step', async () => {
    const { score, cell } = await exercise();
    await score({ scoreGiven: 8 });
    await score({ gradingProgress: 'Failed', scoreGiven: null, scoreMaximum: null });
    expect(await cell()).toMatchObject({ state: 'done', score: null, marking: 'failed', tries: 1 });
  });
});

describe('comments', () => {
  test('LTI F7: the pupil sees the comment of the score that is shown, as the teacher does', async () => {
    const { score, mine, detail, set } = await exercise();
    const comment = 'Mooi werk!\nKijk nog eens naar vraag 3.';
    await score({ comment });
    expect((await mine()).comment).toBe(comment);
    expect((await detail()).comment).toBe(comment);
    await score({ comment: 'Nog even wachten', gradingProgress: 'PendingManual' });
    expect(await mine()).toMatchObject({ comment: 'Nog even wachten', marking: 'pending', score: null });
    await score({ comment: null });
    expect((await mine()).comment).toBeNull();
    await score({ comment });
    await set('todo');
    expect((await mine()).comment).toBeNull();
  });
});

describe('a reset', () => {
  test('LTI F6: withdraws the result from the tool too, and no other', async () => {
    const path = await world.path([await world.ltiActivity(), await world.ltiActivity()], { sequence: 'free' });
    const assignment = await world.assign(path.id);
    const [pupil, classmate] = world.pupils;
    for (const step of path.steps)
      expect((await pupil.client.post(`/api/myway/my-paths/${assignment.id}/steps/${step.id}/open`)).status).toBe(200);
    const results = () =>
      world.platform.work('lti', ({ knex }) =>
        knex('results as r')
          .join('line_items as i', 'i.id', 'r.line_item_id')
          .where({ 'i.context_id': assignment.id })
          .orderBy('r.number')
          .select('r.score_given', 'r.comment', 'r.scored_at'),
      );
    await world.platform.work('lti', async ({ knex }) => {
      for (const person of [pupil, classmate]) {
        for (const step of path.steps) {
          await knex('results').insert({
            line_item_id: knex('line_items')
              .where({ resource_link_id: `${assignment.id}:${step.id}` })
              .select('id'),
            school_id: world.school,
            person_id: person.id,
            score_given: 9,
            score_maximum: 10,
            activity_progress: 'Completed',
            grading_progress: 'FullyGraded',
            comment: 'Prima',
            scored_at: '2026-11-20T10:00:00Z',
          });
        }
      }
    });
    const [first, ...others] = await results();
    const reset = `/api/myway/assignments/${assignment.id}/pupils/${pupil.id}/steps/${path.steps[0].id}`;
    expect((await world.teacher.client.put(reset, { state: 'todo' })).status).toBe(200);
    expect(await results()).toEqual([{ ...first, score_given: null, comment: null }, ...others]);
  });
});

describe('submissions', () => {
  const submittedAt = '2026-11-17T09:00:00.000Z';

  test('LTI F8: late marking does not count as activity of the pupil', async () => {
    const { score, detail, cell } = await exercise();
    await score({ startedAt: '2026-11-17T08:30:00.000Z', submittedAt });
    expect(await detail()).toMatchObject({ startedAt: '2026-11-17T08:30:00.000Z', doneAt: submittedAt });
    expect((await cell()).lastActiveAt).toBe(submittedAt);
  });

  test('LTI F8: a tool whose clock is ahead causes no time in the future, and a reset starts anew', async () => {
    const { score, row, set } = await exercise();
    await score({ submittedAt: '2036-01-01T00:00:00.000Z', startedAt: '2035-01-01T00:00:00.000Z' });
    const { started_at, done_at, last_active_at } = await row();
    for (const moment of [started_at, done_at, last_active_at])
      expect(Math.abs(Date.now() - moment.getTime())).toBeLessThan(3600_000);
    await set('todo');
    await score({ startedAt: '2026-11-01T08:00:00.000Z', submittedAt, activityProgress: 'InProgress' });
    const { started_at: anew, reset_at: reset } = await row();
    expect(anew.getTime()).toBe(reset.getTime());
  });
});

describe('columns of tools', () => {
  test('instructure/canvas-lms#1987: the teacher of the class sees scores in a tool’s own column', async () => {
    const { board, placement } = await exercise();
    expect((await world.teacher.client.get(`${board}/tool-results`)).body).toEqual({ columns: [], rows: [], more: false });
    const { pupil } = placement;
    await pupil.client.post(`/api/myway/my-paths/${placement.assignmentId}/steps/${placement.stepId}/open`);
    await world.platform.work('lti', async ({ knex }) => {
      const [{ registration_id }] = await knex('line_items').where({ context_id: placement.assignmentId });
      const common = { registration_id, context_id: placement.assignmentId, school_id: world.school, score_maximum: 10 };
      const [quiz] = await knex('line_items')
        .insert({ ...common, label: 'Quiz', resource_link_id: `${placement.assignmentId}:${placement.stepId}` })
        .returning('id');
      await knex('line_items').insert({ ...common, label: 'Opstel' });
      await knex('results').insert({
        line_item_id: quiz.id,
        school_id: world.school,
        person_id: pupil.id,
        score_given: 12,
        score_maximum: 10,
        activity_progress: 'Completed',
        grading_progress: 'FullyGraded',
        scored_at: '2026-11-20T10:00:00Z',
      });
    });
    const { body } = await world.teacher.client.get(`${board}/tool-results`);
    const none = { score: null, pending: false };
    expect(body.columns).toMatchObject([
      { label: 'Quiz', stepTitle: expect.any(String) },
      { label: 'Opstel', stepTitle: null },
    ]);
    expect(body.rows).toMatchObject([
      { pupil: { id: pupil.id }, cells: [{ score: { given: 12, maximum: 10 }, pending: false }, none] },
      { cells: [none, none] },
    ]);
    for (const someone of [world.colleague, world.stranger]) {
      expect((await someone.client.get(`${board}/tool-results`)).status).toBe(404);
    }
    expect((await pupil.client.get(`${board}/tool-results`)).status).toBe(403);
  });
});
