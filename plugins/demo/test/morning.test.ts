import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { scopes } from '../../lti/test/support/tool.js';
import { settled } from './chaos/tally.js';
import { Answers, type Morning, pupil, teacher } from './load/people.js';
import { LoadWorld } from './load/world.js';

/** `npm run load`: a school morning. core/scripts/load.mjs sets the figures. */
const figure = (name: string, usual: number) => Number(process.env[`LOAD_${name}`] ?? usual);
const PUPILS = figure('PUPILS', 2_000);
const MINUTES = figure('MINUTES', 10);
const SOAK = figure('SOAK', 0);
const ROUNDS = Math.max(1, Math.ceil(SOAK / MINUTES));
const STEPS = figure('STEPS', 3);
const TEACHERS = figure('TEACHERS', 50);
const THINK_MS = figure('THINK_SECONDS', 5) * 1_000;
/** A round that takes longer than this beyond its minutes does not end. */
const GRACE_MS = 300_000;
/** A soak of so many rounds shows whether memory grows: the first one is left out, since code is compiled and pools fill in it. */
const ENOUGH_ROUNDS = 5;
/** Share of the requests that may be told to come back in a moment. */
const MOST_REFUSED = 0.01;
const MOST_GROWTH = 1.15;

if (!(MINUTES > 0)) throw new Error('--minutes must be more than 0');
if (SOAK > 0 && ROUNDS < ENOUGH_ROUNDS)
  throw new Error(
    `a soak needs ${ENOUGH_ROUNDS} mornings to compare memory: --soak ${ENOUGH_ROUNDS * MINUTES} or fewer --minutes`,
  );

const world = new LoadWorld();
beforeAll(() => world.start({ pupils: PUPILS, webs: figure('WEBS', 2), workers: figure('WORKERS', 1) }), 600_000);
afterAll(() => world.stop(), 60_000);

test('a school morning: every accepted score is on the board, nothing fails, and memory does not grow', {
  timeout: ROUNDS * (MINUTES * 60_000 + GRACE_MS),
}, async () => {
  const answers = new Answers();
  const held: number[] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    await play(answers);
    await settled(world.postgres, GRACE_MS / 1_000);
    const memory = world.memory();
    held.push(memory.reduce((sum, { megabytes }) => sum + megabytes, 0));
    console.log(`round ${round} of ${ROUNDS}: ${report(answers)}`);
    console.log(`memory: ${memory.map(({ role, megabytes }) => `${role} ${Math.round(megabytes)} MB`).join(', ')}`);
  }
  const [stored] = await world.postgres.query<{ tries: number; failed: number }>(
    `select (select count(*)::int from myway.attempts where assignment_id in
       (select a.id from myway.assignments a join directory.classes c on c.id = a.class_id where c.name like 'Ochtend %')) as tries,
       (select count(*)::int from kernel.messages where failed_at is not null) as failed`,
  );
  expect([...answers.failures]).toEqual([]);
  expect(answers.refused / answers.requests).toBeLessThan(MOST_REFUSED);
  expect(stored).toMatchObject({ tries: answers.scores, failed: 0 });
  // Nobody went without: whoever was late for a step is counted.
  expect(answers.scores + answers.late).toBe(PUPILS * STEPS * ROUNDS);
  expect(answers.scores).toBeGreaterThan(0);
  if (ROUNDS >= ENOUGH_ROUNDS) {
    const [, ...warm] = held;
    const half = Math.floor(warm.length / 2);
    const mean = (values: number[]) => values.reduce((sum, each) => sum + each, 0) / values.length;
    const growth = mean(warm.slice(-half)) / mean(warm.slice(0, half));
    console.log(`memory of the later rounds: ${growth.toFixed(2)} times that of the earlier ones`);
    expect(growth).toBeLessThan(MOST_GROWTH);
  }
});

async function play(answers: Answers): Promise<void> {
  const ends = performance.now() + MINUTES * 60_000;
  let token = await world.tool.token(scopes.score);
  const renew = async () => {
    token = await world.tool.token(scopes.score);
  };
  // A token that is not renewed shows in the scores.
  const renewing = setInterval(() => void renew().catch(() => {}), 600_000);
  const morning: Morning = {
    url: world.url,
    addresses: world.addresses,
    tool: world.tool,
    token: () => token,
    answers,
    thinkMs: THINK_MS,
    over: () => performance.now() > ends,
  };
  const { pupils, teachers } = world.seeded;
  const watching = teachers.slice(0, TEACHERS).map(({ username, assignment }) => teacher(morning, username, assignment));
  const roster = pause(MINUTES * 10_000).then(() => world.takeRosterOver());
  const archive = pause(MINUTES * 20_000).then(() => world.backUp());
  // The last ones come in time to finish.
  const span = Math.max(0, MINUTES * 60_000 - STEPS * THINK_MS * 4);
  const working = pupils.map(async ({ username }, index) => {
    await pause((span * index) / pupils.length);
    await pupil(morning, username, STEPS);
  });
  const [taken, archived] = await Promise.all([roster, archive, ...working, ...watching]).finally(() => clearInterval(renewing));
  console.log(`roster meanwhile: ${taken.state}, ${taken.objects} objects in ${taken.seconds.toFixed(1)} s`);
  console.log(`backup meanwhile: ${archived.megabytes.toFixed(1)} MB in ${archived.seconds.toFixed(1)} s`);
  expect(taken.state).toBe('done');
}

function report({ times, failures, refused, requests, scores }: Answers): string {
  const at = (values: number[], share: number) => Math.round(values[Math.floor((values.length - 1) * share)] ?? 0);
  const rows = [...times].map(([kind, each]) => {
    const sorted = [...each].sort((one, other) => one - other);
    return `| ${kind} | ${each.length} | ${at(sorted, 0.5)} | ${at(sorted, 0.95)} | ${at(sorted, 0.99)} | ${at(sorted, 1)} |`;
  });
  const failed = [...failures].map(([what, count]) => `${count} × ${what}`).join(', ') || 'none';
  return [
    `${requests} requests, ${scores} scores; refused for a moment: ${refused}; failed: ${failed}`,
    '| | requests | p50 ms | p95 ms | p99 ms | slowest ms |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
