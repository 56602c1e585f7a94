import type { TestClient } from '@ilearn/core/testing';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { createLtijsDatabase, type LtijsTool, startLtijsTool } from '../../lti/test/support/ltijs-tool.js';
import { call, readFormPost } from '../../lti/test/support/tool.js';
import { createWorld, type Person, type World } from './world.js';

let world: World;
let database: { url: string; drop(): Promise<void> };
let tool: LtijsTool;

beforeAll(async () => {
  [world, database] = await Promise.all([createWorld(), createLtijsDatabase()]);
  tool = await startLtijsTool({ platformUrl: world.platform.url, databaseUrl: database.url });
  const admin = await world.person('portal-administrator', null);
  expect((await admin.client.post('/api/lti/registrations', tool.registration)).status).toBe(201);
});
afterAll(async () => {
  await tool?.stop();
  await database?.drop();
  await world?.stop();
});

const locationOf = (headers: Headers) => headers.get('location') as string;

/** Launches a step as a browser would, and lets ltijs send this score out of ten. */
async function play(client: TestClient, stepAddress: string, given: number): Promise<void> {
  const { status, body } = await client.post(`${stepAddress}/open`);
  expect(status, JSON.stringify(body)).toBe(200);
  const login = await call(locationOf((await client.get(body.url)).headers));
  const answer = await client.get(locationOf(login.headers));
  const form = readFormPost(answer.status, answer.body, answer.headers);
  const taken = await call(form.action as string, { method: 'POST', body: new URLSearchParams(form.fields) });
  const ltik = new URL(locationOf(taken.headers), tool.url).searchParams.get('ltik') as string;
  const sent = await call(`${tool.url}/score`, { method: 'POST', body: new URLSearchParams({ ltik, given: String(given) }) });
  expect(sent.status, String(sent.body)).toBe(200);
}

it('a path branches on a score of ltijs: below the mark a pupil lands in remediation, above it goes on', async () => {
  const exercise = await world.activity({
    title: 'Tafel van 7',
    content: {
      kind: 'lti',
      lti: { registration: 'ltijs', targetLinkUri: `${tool.url}/`, custom: {}, scoreMaximum: 10 },
    },
  });
  const [help, end] = [await world.activity({ title: 'Extra uitleg' }), await world.activity({ title: 'Verder' })];
  const empty = await world.path([]);
  const saved = await world.teacher.client.put(`/api/myway/paths/${empty.id}`, {
    version: empty.version,
    title: 'Tafels',
    description: '',
    sequence: 'in-order',
    steps: [
      { ref: 'exercise', activityId: exercise },
      { ref: 'help', activityId: help, block: 'mark', arm: 'help' },
      { ref: 'end', activityId: end },
    ],
    blocks: [
      {
        id: 'mark',
        kind: 'branch',
        title: 'Kun je de tafel?',
        on: 'score',
        step: 'exercise',
        arms: [
          { id: 'help', title: 'Extra uitleg', from: 0, again: true },
          { id: 'on', title: 'Verder', from: 0.6 },
        ],
      },
    ],
  });
  expect(saved.status, JSON.stringify(saved.body)).toBe(200);
  const { id: assignmentId } = await world.assign(empty.id);
  const [first, second, last] = saved.body.steps.map(({ id }: { id: string }) => id);

  const address = `/api/myway/my-paths/${assignmentId}`;
  const trail = async ({ client }: Person) => {
    const { body } = await client.get(address);
    return body.steps.map(({ title, state, next, lock }: any) =>
      [title, state, next ? 'next' : (lock?.reason ?? '')].join(' ').trim(),
    );
  };
  /** Waits until the event of the score is handled. */
  const until = (person: Person, expected: string[]) =>
    expect.poll(() => trail(person), { timeout: 20_000, interval: 100 }).toEqual(expected);

  const [weak, strong] = world.pupils;
  // The way is not decided, so nobody sees the remediation yet.
  expect(await trail(weak)).toEqual(['Tafel van 7 todo next', 'Verder todo previous']);
  expect((await weak.client.get(address)).body.blocks).toMatchObject([
    { kind: 'branch', id: 'mark', position: 1, lock: { reason: 'score', stepId: first, title: 'Tafel van 7' } },
  ]);
  expect((await weak.client.post(`${address}/steps/${second}/open`)).status).toBe(404);

  await play(weak.client, `${address}/steps/${first}`, 4);
  await until(weak, ['Tafel van 7 done', 'Extra uitleg todo next', 'Verder todo previous']);
  await play(strong.client, `${address}/steps/${first}`, 9);
  await until(strong, ['Tafel van 7 done', 'Verder todo next']);

  // After the remediation, the exercise is done again; a better score opens the way on.
  await weak.client.post(`${address}/steps/${second}/done`);
  await until(weak, ['Tafel van 7 done next', 'Extra uitleg done', 'Verder todo again']);
  await play(weak.client, `${address}/steps/${first}`, 7);
  await until(weak, ['Tafel van 7 done', 'Extra uitleg done', 'Verder todo next']);
  expect((await weak.client.post(`${address}/steps/${last}/done`)).body).toMatchObject({ complete: true });

  // The teacher sees both ways.
  const board = await world.teacher.client.get(`/api/myway/assignments/${assignmentId}/progress`);
  expect(board.body.rows.map(({ cells }: any) => cells.map(({ state, away }: any) => (away ? `${state} away` : state)))).toEqual([
    ['done', 'done away', 'done'],
    ['done', 'todo away', 'todo'],
  ]);
});
