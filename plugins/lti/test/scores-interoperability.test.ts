import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { launchedForGrading } from './support/flow.js';
import { callService, mediaTypes } from './support/tool.js';
import { createWorld, type World } from './support/world.js';

/* Scores as tools of others send them, and as AGS 2.0 allows them. */

let world: World;
let items: string;
let item: string;
let sub: string;
let token: string;

beforeAll(async () => {
  world = await createWorld();
  ({ items, item, sub, token } = await launchedForGrading(world));
});
afterAll(() => world?.stop());

let tick = Date.now() - 10_000_000;
const later = () => {
  tick += 1000;
  return new Date(tick);
};
const score = (changes: object = {}) => ({
  userId: sub,
  scoreGiven: 5,
  scoreMaximum: 10,
  activityProgress: 'Completed',
  gradingProgress: 'FullyGraded',
  timestamp: later().toISOString(),
  ...changes,
});
const send = (body: unknown, to = item) => callService(`${to}/scores`, token, { method: 'POST', type: mediaTypes.score, body });
const result = async () => (await callService(`${item}/results?user_id=${sub}`, token)).body[0];
const lastReceived = async () => (await world.received()).at(-1);

describe('timestamps of scores', () => {
  test('LTI F1: the examples of the specification and of the READMEs of libraries are accepted, in order', async () => {
    const forms = ['.736+00', '+0000', '.123456+0000', 'Z', '.1234567Z', '+00:00', '.000-00:00', '.123456789Z'];
    for (const form of forms) {
      const timestamp = later().toISOString().slice(0, 19) + form;
      const answer = await send(score({ timestamp }));
      expect([answer.status, timestamp, answer.body]).toEqual([204, timestamp, '']);
    }
    const dates = { startDateTime: '2026-09-01T08:00:00.000+00', endDateTime: '2026-12-31T23:00:00+0100' };
    const created = await callService(items, token, {
      method: 'POST',
      type: mediaTypes.lineItem,
      body: { label: 'Toets', scoreMaximum: 1, ...dates },
    });
    expect(created).toMatchObject({
      status: 201,
      body: { startDateTime: '2026-09-01T08:00:00.000Z', endDateTime: '2026-12-31T22:00:00.000Z' },
    });
  });

  test('LTI F1: a refused one has one message, which says what is wrong', async () => {
    for (const [timestamp, message] of [
      ['2026-11-22T10:00:00', 'must have a time zone'],
      ['2026-11-22T10:00:00+14:30', 'must have an offset from UTC of at most 14 hours'],
    ]) {
      const { status, body } = await send(score({ timestamp }));
      expect([status, body.errors]).toEqual([
        400,
        [{ in: 'body', pointer: '/timestamp', message: expect.stringContaining(message as string) }],
      ]);
    }
  });
});

describe('pairs of scores', () => {
  test('LTI F3: scoreGiven may be greater than scoreMaximum, as platforms must support', async () => {
    for (const [scoreGiven, scoreMaximum] of [
      [1.1, 1],
      [10.0000001, 10],
      [11, 10],
      [Number.MAX_VALUE, Number.MIN_VALUE],
      [Number.MIN_VALUE, Number.MAX_VALUE],
      [0, 1e-9],
    ]) {
      expect((await send(score({ scoreGiven, scoreMaximum }))).status).toBe(204);
      expect(await result()).toMatchObject({ resultScore: scoreGiven, resultMaximum: scoreMaximum });
      expect(await lastReceived()).toMatchObject({ scoreGiven, scoreMaximum });
    }
  });

  test('LTI F3: every pair of a score and a maximum above 0 is returned as it was sent; every other is refused', async () => {
    const number = fc.double({ noNaN: true, noDefaultInfinity: true });
    await fc.assert(
      fc.asyncProperty(number, number, async (scoreGiven, scoreMaximum) => {
        const { status } = await send(score({ scoreGiven, scoreMaximum }));
        expect(status).toBe(scoreGiven >= 0 && scoreMaximum > 0 ? 204 : 400);
        if (status === 204) expect(await result()).toMatchObject({ resultScore: scoreGiven + 0, resultMaximum: scoreMaximum });
      }),
      { numRuns: 25, examples: [[5, 10]] },
    );
  });
});

describe('progress', () => {
  const activities = ['Initialized', 'Started', 'InProgress', 'Submitted', 'Completed'];
  const gradings = ['FullyGraded', 'Pending', 'PendingManual', 'Failed', 'NotReady'];

  it.each(gradings)('LTI F4: a score that is %s is a result only if that means final', async (gradingProgress) => {
    for (const activityProgress of activities) {
      await send(score({ scoreGiven: 8 }));
      expect((await send(score({ scoreGiven: 4, activityProgress, gradingProgress, comment: 'Nog niet klaar' }))).status).toBe(
        204,
      );
      const { resultScore, comment } = await result();
      expect([resultScore, comment]).toEqual([gradingProgress === 'FullyGraded' ? 4 : undefined, 'Nog niet klaar']);
      // The event still carries the partial value and its state.
      expect(await lastReceived()).toMatchObject({ scoreGiven: 4, activityProgress, gradingProgress });
    }
  });

  test('openedx/xblock-lti-consumer#114: of a partial and a final score, only the final one is a result', async () => {
    await send(score({ scoreGiven: 4, gradingProgress: 'PendingManual' }));
    expect(await result()).not.toHaveProperty('resultScore');
    await send(score({ scoreGiven: 8 }));
    expect(await result()).toMatchObject({ resultScore: 8 });
  });
});

describe('what the portal changes', () => {
  const withdraw = () =>
    world.platform.work('lti', ({ gradebook }) =>
      gradebook.withdraw({ school: world.school, resourceLinkId: 'step-1', personId: world.pupil.id }),
    );

  test('LTI F6: a result follows a teacher’s withdrawal, and earlier scores do not return', async () => {
    const sent = score({ scoreGiven: 9, comment: 'Prima' });
    await send(sent);
    await withdraw();
    const { resultScore, resultMaximum, comment } = await result();
    expect([resultScore, resultMaximum, comment]).toEqual([undefined, undefined, undefined]);
    expect((await send(sent)).status).toBe(409);
    await send(score({ scoreGiven: 7 }));
    expect(await result()).toMatchObject({ resultScore: 7 });
  });

  test('LTI F6: withdrawing touches no other pupil, placement or school', async () => {
    await send(score({ scoreGiven: 6 }));
    const others = [
      { school: world.otherSchool, resourceLinkId: 'step-1', personId: world.pupil.id },
      { school: world.school, resourceLinkId: 'step-2', personId: world.pupil.id },
      { school: world.school, resourceLinkId: 'step-1', personId: world.otherSchool },
    ];
    for (const other of others) await world.platform.work('lti', ({ gradebook }) => gradebook.withdraw(other));
    expect(await result()).toMatchObject({ resultScore: 6 });
  });

  test('LTI F6: concurrent scores and withdrawals wait for each other', async () => {
    for (let round = 0; round < 8; round += 1) {
      const answers = await Promise.all([send(score()), withdraw(), send(score()), withdraw()]);
      for (const answer of [answers[0], answers[2]]) expect([204, 409]).toContain(answer.status);
    }
  });
});

describe('submissions', () => {
  test('LTI F8: the time of the submission is stored separately from that of the grading', async () => {
    const submission = { startedAt: '2026-11-19T09:30:00+01:00', submittedAt: '2026-11-19T10:00:00.5+01' };
    await send(score({ submission }));
    const times = { startedAt: '2026-11-19T08:30:00Z', submittedAt: '2026-11-19T09:00:00.5Z' };
    expect(await lastReceived()).toMatchObject(times);
    const [stored] = await world.rows('results', { person_id: world.pupil.id, submitted_at: times.submittedAt });
    expect(stored.started_at.toISOString()).toBe('2026-11-19T08:30:00.000Z');
    await send(score());
    expect(await lastReceived()).toMatchObject({ startedAt: null, submittedAt: null });
    expect((await send(score({ submission: { submittedAt: 'yesterday' } }))).body.errors[0].pointer).toBe(
      '/submission/submittedAt',
    );
  });
});

describe('repeats', () => {
  test('LTI F15: a repeated score is not an error and changes nothing, in any format of its time', async () => {
    const sent = score({ comment: 'Goed', submission: { submittedAt: '2026-11-19T10:00:00Z' } });
    await send(sent);
    const [stored, received] = [await world.rows('scores'), await world.received()];
    const repeats = [sent, { ...sent, timestamp: sent.timestamp.replace('Z', '+00') }, { ...sent, extra: 'ignored' }];
    const answers = await Promise.all(repeats.map((repeat) => send(repeat)));
    expect(answers.map(({ status }) => status)).toEqual([204, 204, 204]);
    expect([await world.rows('scores'), await world.received()]).toEqual([stored, received]);
  });

  test('LTI F15: a score that differs in anything but its time is not later, and so it is refused', async () => {
    const sent = score({ comment: 'Goed' });
    await send(sent);
    const changes = [{ scoreGiven: 6 }, { scoreMaximum: 11 }, { comment: undefined }, { gradingProgress: 'Pending' }];
    for (const change of [...changes, { activityProgress: 'Submitted' }, { submission: { startedAt: '2026-11-19T10:00:00Z' } }]) {
      expect(await send({ ...sent, ...change })).toMatchObject({ status: 409, body: { type: '/problems/lti/score-outdated' } });
    }
    expect(await result()).toMatchObject({ resultScore: 5, comment: 'Goed' });
  });

  test('LTI F15: of many concurrent retries, one is stored', async () => {
    const before = (await world.received()).length;
    const sent = score();
    const answers = await Promise.all(Array.from({ length: 6 }, () => send(sent)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(204));
    expect(await world.received()).toHaveLength(before + 1);
  });
});

describe('unknown line items', () => {
  test('LTI F11: any unknown id is a 404, whatever its form; without a token it is a 401', async () => {
    for (const id of ['abc', '0', '%20', 'NULL', '00000000-0000-0000-0000-000000000000', 'a'.repeat(300), "x'--", 'é']) {
      for (const address of [`${items}/${id}`, `${items}/${id}/results`, `${items.replace('path-1', id)}`]) {
        expect([address, (await callService(address, token)).status]).toEqual([address, 404]);
        expect([address, (await callService(address, null)).status]).toEqual([address, 401]);
      }
      expect((await send(score(), `${items}/${id}`)).status).toBe(404);
    }
  });
});

describe('columns of tools', () => {
  test('instructure/canvas-lms#1987: scores in a line item of a tool are in the gradebook, with whether they are final', async () => {
    const create = async (label: string, more: object = {}) =>
      (await callService(items, token, { method: 'POST', type: mediaTypes.lineItem, body: { label, scoreMaximum: 10, ...more } }))
        .body.id;
    const [quiz, essay] = [await create('Quiz', { resourceLinkId: 'step-1' }), await create('Opstel')];
    await send(score({ scoreGiven: 12 }), quiz);
    await send(score({ gradingProgress: 'PendingManual', scoreGiven: 3 }), essay);
    const columns = await world.platform.work('lti', ({ gradebook }) => gradebook.columnsOf(world.school, 'path-1'));
    const person = { personId: world.pupil.id };
    expect(columns.slice(-2)).toMatchObject([
      { label: 'Quiz', resourceLinkId: 'step-1', cells: [{ ...person, score: { given: 12, maximum: 10 }, pending: false }] },
      { label: 'Opstel', resourceLinkId: null, cells: [{ ...person, score: null, pending: true }] },
    ]);
    const elsewhere = await world.platform.work('lti', ({ gradebook }) => gradebook.columnsOf(world.otherSchool, 'path-1'));
    expect(elsewhere).toEqual([]);
  });
});
