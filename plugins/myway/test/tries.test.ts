import myway from '@ilearn/plugin-myway';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createWorld, type World } from './world.js';

let world: World;
let assignmentId: string;
let stepIds: string[];
beforeAll(async () => {
  world = await createWorld();
  const path = await world.path([await world.ltiActivity(), await world.ltiActivity()], { sequence: 'free' });
  stepIds = path.steps.map((step: { id: string }) => step.id);
  assignmentId = (await world.assign(path.id)).id;
});
afterAll(() => world?.stop());

let tried = 0;
/** Further tries of both pupils at both steps, recorded as the event's handler does. */
async function tryMore(times: number): Promise<void> {
  await world.platform.work('myway', async ({ results }) => {
    for (let time = 0; time < times; time++) {
      tried += 1;
      for (const [index, stepId] of stepIds.entries()) {
        for (const pupil of world.pupils) {
          const score = {
            school: world.school,
            resourceLinkId: `${assignmentId}:${stepId}`,
            personId: pupil.id,
            // Between 0 and 5 on the first step, and up to 10 on the second.
            scoreGiven: (tried * 7) % (index === 0 ? 6 : 11),
            scoreMaximum: 10,
            activityProgress: 'InProgress',
            gradingProgress: 'FullyGraded',
            comment: null,
            timestamp: new Date(Date.UTC(2026, 9, 1) + tried * 60_000).toISOString(),
          };
          expect(await results.score(score, { at: new Date() })).toBe('recorded');
        }
      }
    }
  });
}

/** Tries from long ago in great number, with what is kept of them as the migration `0004_tries` works it out. */
async function triedLongAgo(times: number): Promise<void> {
  await world.platform.work('myway', async ({ knex }) => {
    await knex.raw(
      `insert into attempts (assignment_id, step_id, pupil_id, school_id, score_given, score_maximum, scored_at)
       select assignment_id, step_id, pupil_id, school_id, number % 6, 10, '2026-01-01'::timestamptz + number * interval '1 minute'
       from results, generate_series(1, ?) as number where assignment_id = ?`,
      [times, assignmentId],
    );
    await knex.raw(backfill);
  });
  tried += times;
}

const backfill = /update results r set tries[^;]*/.exec(
  myway.migrations?.find(({ name }) => name === '0004_tries')?.up as string,
)?.[0] as string;

/** Rows that the database gives to whoever asks it. */
let rows = 0;
async function listen(): Promise<void> {
  const { pool } = await world.platform.platform.home();
  const heard = new WeakSet();
  pool.on('acquire', (client) => {
    if (heard.has(client)) return;
    heard.add(client);
    (client as any).connection.on('dataRow', () => {
      rows += 1;
    });
  });
}

/** The least of a few: other work of the portal asks the database too. */
async function measure(address: string, person: World['teacher']): Promise<{ rows: number; bytes: number }> {
  const seen: { rows: number; bytes: number }[] = [];
  for (let time = 0; time < 5; time++) {
    rows = 0;
    const { status, body } = await person.client.get(address);
    expect(status).toBe(200);
    seen.push({ rows, bytes: JSON.stringify(body).length });
  }
  return { rows: Math.min(...seen.map((one) => one.rows)), bytes: Math.min(...seen.map((one) => one.bytes)) };
}

it('operator 16: the amount of data read and returned does not grow with tries, and the figures include all tries', async () => {
  await listen();
  const [pupil] = world.pupils;
  const board = `/api/myway/assignments/${assignmentId}`;
  const views: [string, World['teacher']][] = [
    [`${board}/progress`, world.teacher],
    [`${board}/pupils/${pupil.id}`, world.teacher],
    [`${board}/pupils/${pupil.id}/steps/${stepIds[0]}/attempts`, world.teacher],
    ['/api/myway/assignments', world.teacher],
    ['/api/myway/my-paths', pupil],
    [`/api/myway/my-paths/${assignmentId}`, pupil],
  ];
  const measureAll = async () => {
    const all = [];
    for (const [address, person] of views) all.push(await measure(address, person));
    return all;
  };
  await tryMore(11);
  const few = await measureAll();
  expect(few.every((each) => each.rows > 0)).toBe(true);
  await triedLongAgo(989);
  await tryMore(1);
  const many = await measureAll();
  for (const [index, [address]] of views.entries()) {
    expect(many[index]?.rows, `rows for ${address}`).toBe(few[index]?.rows);
    // Numbers have more digits; nothing else is longer.
    expect(Math.abs((many[index]?.bytes ?? 0) - (few[index]?.bytes ?? 0)), `bytes of ${address}`).toBeLessThan(60);
  }

  const counted = await world.platform.work('myway', ({ knex }) => knex('attempts').where({ assignment_id: assignmentId }));
  const { body } = await world.teacher.client.get(`${board}/progress`);
  for (const row of body.rows) {
    for (const cell of row.cells) {
      const own = counted.filter((one: any) => one.pupil_id === row.pupil.id && one.step_id === cell.stepId);
      const newest = own.sort((a: any, b: any) => b.scored_at - a.scored_at)[0];
      const best = Math.max(...own.map((one: any) => one.score_given / one.score_maximum));
      expect(cell).toMatchObject({ tries: own.length, score: { given: newest.score_given, maximum: newest.score_maximum } });
      expect(cell.stuck).toBe(best < 0.6 ? 'trying' : null);
    }
  }
});

it('tries are shown newest first, page by page, each once', async () => {
  const address = `/api/myway/assignments/${assignmentId}/pupils/${world.pupils[0].id}`;
  const { body } = await world.teacher.client.get(address);
  const [step] = body.steps;
  const seen = [...step.attempts];
  for (let older = step.older; older !== null; ) {
    const page = (await world.teacher.client.get(`${address}/steps/${step.id}/attempts?before=${older}`)).body;
    expect(page.attempts.length).toBeLessThanOrEqual(10);
    seen.push(...page.attempts);
    older = page.older;
  }
  const times = seen.map(({ at }) => at);
  expect(times).toHaveLength(tried);
  expect(times).toEqual([...new Set(times)].sort().reverse());
});

it('tries of a class of another teacher are not found', async () => {
  const address = `/api/myway/assignments/${assignmentId}/pupils/${world.pupils[0].id}/steps/${stepIds[0]}/attempts`;
  expect((await world.colleague.client.get(address)).status).toBe(404);
  expect((await world.stranger.client.get(address)).status).toBe(404);
  expect((await world.pupils[0].client.get(address)).status).toBe(403);
  expect((await world.teacher.client.get(address.replace(world.pupils[0].id, world.otherPupil.id))).status).toBe(404);
});

it('content D10: the list of assignments sends the same number of statements for twenty as for one', async () => {
  const { pool } = await world.platform.platform.home();
  let asked: (string | undefined)[] = [];
  const heard = new WeakSet();
  pool.on('acquire', (client) => {
    if (heard.has(client)) return;
    heard.add(client);
    const { connection } = client as any;
    const { bind } = connection;
    connection.bind = (message: any, ...more: unknown[]) => {
      asked.push(message.statement);
      return bind.call(connection, message, ...more);
    };
  });
  const count = async () => {
    const seen = [];
    for (let time = 0; time < 5; time++) {
      asked = [];
      expect((await world.teacher.client.get('/api/myway/assignments')).status).toBe(200);
      // What the kernel sends ahead of a statement is no statement of the list.
      seen.push(asked.filter((name) => name === undefined || /^ilearn_\d/.test(name)).length);
    }
    return Math.min(...seen);
  };
  const one = await count();
  const activity = await world.activity();
  for (let made = 0; made < 19; made++) {
    const path = await world.path([activity]);
    await world.assign(path.id, made % 2 === 0 ? {} : { pupilIds: [world.pupils[0].id] });
  }
  const twenty = await count();
  // One more: which pupils an assignment to some of a class is for.
  expect(twenty).toBeLessThanOrEqual(one + 1);
  const { body } = await world.teacher.client.get('/api/myway/assignments');
  expect(body.map((each: any) => each.counts.pupils).sort()).toEqual([...Array(9).fill(1), ...Array(11).fill(2)]);
});
