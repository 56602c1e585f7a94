import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { freePort } from '../../../core/scripts/system.mjs';
import { hasNginx, startNginx } from '../../../core/test/support/nginx.js';
import { scopes, startTestTool, type TestTool } from '../../lti/test/support/tool.js';
import { type PortalProcess, PortalProcesses } from './chaos/portal.js';
import { PostgresServer, RedisServer } from './chaos/servers.js';
import { settled } from './chaos/tally.js';
import { Answers, type Morning, pupil, teacher } from './load/people.js';
import { type Seeded, seed } from './load/seed.js';

/** `npm run load`: a school morning. All figures can be changed: see core/scripts/load.mjs. */
const number = (name: string, usual: number) => Number(process.env[name] || usual);
const PUPILS = number('LOAD_PUPILS', 2_000);
const MINUTES = number('LOAD_MINUTES', 10);
const ROUNDS = number('LOAD_ROUNDS', 1);
const STEPS = number('LOAD_STEPS', 3);
const TEACHERS = number('LOAD_TEACHERS', 50);
const THINK_MS = number('LOAD_THINK_SECONDS', 5) * 1_000;
const WEBS = number('LOAD_WEBS', 2);

const folder = mkdtempSync(join(tmpdir(), 'ilearn-load-'));
const postgres = new PostgresServer();
const redis = new RedisServer();
let portal: PortalProcesses;
let tool: TestTool;
let nginx: Awaited<ReturnType<typeof startNginx>> | null = null;
let seeded: Seeded;
let url: string;
let addresses: string[];

beforeAll(async () => {
  await Promise.all([postgres.create(), redis.start()]);
  const ports = await Promise.all(Array.from({ length: WEBS }, freePort));
  const front = await freePort();
  if (hasNginx) nginx = await startNginx(ports, { port: front, tls: false });
  url = `http://localhost:${hasNginx ? front : ports[0]}`;
  addresses = hasNginx ? [url] : ports.map((port) => `http://localhost:${port}`);
  tool = await startTestTool(url, 'chaos');
  portal = new PortalProcesses(
    {
      DATABASE_URL: postgres.portalUrl,
      REDIS_URL: redis.url,
      PUBLIC_URL: url,
      BACKUP_KEY: 'a key for archives of the load only, c3f1',
      ...(hasNginx ? { TRUST_PROXY: 'true' } : {}),
    },
    tool.registration,
  );
  for (const port of ports) await portal.add('web', port);
  await portal.add('worker');
  // The demonstration is filled by a job.
  await expect
    .poll(() => postgres.query(`select from login.accounts where username = 'lien.peeters'`), { timeout: 120_000 })
    .toHaveLength(1);
  await settled(postgres);
  seeded = await seed(postgres, PUPILS);
}, 300_000);
afterAll(async () => {
  await portal?.stop();
  await nginx?.stop();
  await tool?.stop();
  await redis.remove();
  await postgres.remove();
  rmSync(folder, { recursive: true, force: true });
}, 60_000);

const memoryOf = ({ child }: PortalProcess): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1]) / 1_024;

/** Makes an archive while everybody works. @returns its size in bytes, and seconds */
function backUp(): Promise<{ bytes: number; seconds: number }> {
  const began = performance.now();
  const file = join(folder, `morning-${Math.round(began)}.backup`);
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [join(import.meta.dirname, '../../../core/bin/ilearn.js'), 'backup', '--to', file], {
    cwd: portal.folder,
    env: {
      PATH,
      HOME,
      DATABASE_URL: postgres.portalUrl,
      BACKUP_DATABASE_URL: postgres.portalUrl.replace('portal:portal@', 'postgres:postgres@'),
      BACKUP_KEY: 'a key for archives of the load only, c3f1',
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let complaint = '';
  child.stderr.on('data', (bytes) => {
    complaint += bytes;
  });
  return new Promise((resolve, reject) => {
    child.once('exit', (code) =>
      code === 0
        ? resolve({ bytes: statSync(file).size, seconds: (performance.now() - began) / 1_000 })
        : reject(new Error(`ilearn backup ended with ${code}: ${complaint}`)),
    );
  });
}

test('a school morning: every score that was accepted is on the board, nothing fails, and memory does not grow', {
  timeout: 0,
}, async () => {
  const answers = new Answers();
  const memory: number[][] = [];
  for (let round = 1; round <= ROUNDS; round += 1) {
    await play(answers);
    await settled(postgres);
    memory.push(portal.processes.map(memoryOf));
    console.log(`round ${round} of ${ROUNDS}: ${report(answers)}\nmemory (MB): ${memory.at(-1)?.map(Math.round).join(', ')}`);
  }
  const [stored] = await postgres.query<{ tries: number; failed: number }>(
    `select (select count(*)::int from myway.attempts where assignment_id in
       (select a.id from myway.assignments a join directory.classes c on c.id = a.class_id where c.name like 'Ochtend %')) as tries,
       (select count(*)::int from kernel.messages where failed_at is not null) as failed`,
  );
  expect([...answers.failures]).toEqual([]);
  expect(stored).toMatchObject({ tries: answers.scores, failed: 0 });
  expect(answers.scores).toBeGreaterThan(0);
  // A soak: what the processes hold after the last rounds is not more than after the first third.
  if (ROUNDS >= 6) {
    const third = Math.floor(ROUNDS / 3);
    const mean = (rows: number[][]) => rows.flat().reduce((sum, each) => sum + each, 0) / rows.length;
    expect(mean(memory.slice(-third))).toBeLessThan(mean(memory.slice(0, third)) * 1.15);
  }
});

async function play(answers: Answers): Promise<void> {
  const ends = performance.now() + MINUTES * 60_000;
  let token = await tool.token(scopes.score);
  const renewing = setInterval(() => void tool.token(scopes.score).then((fresh) => (token = fresh)), 600_000);
  const morning: Morning = {
    url,
    addresses,
    tool,
    token: () => token,
    answers,
    thinkMs: THINK_MS,
    over: () => performance.now() > ends,
  };
  const teachers = seeded.teachers.slice(0, TEACHERS).map(({ username, assignment }) => teacher(morning, username, assignment));
  const archive = pause(MINUTES * 20_000).then(backUp);
  // The last ones come in time to finish.
  const span = Math.max(0, MINUTES * 60_000 - STEPS * THINK_MS * 4);
  const pupils = seeded.pupils.map(async ({ username }, index) => {
    await pause((span * index) / seeded.pupils.length);
    await pupil(morning, username, STEPS);
  });
  await Promise.all([...pupils, ...teachers]);
  clearInterval(renewing);
  const { bytes, seconds } = await archive;
  console.log(`backup meanwhile: ${(bytes / 1e6).toFixed(1)} MB in ${seconds.toFixed(1)} s`);
}

function report({ times, failures, requests, scores }: Answers): string {
  const at = (values: number[], share: number) => Math.round(values[Math.floor((values.length - 1) * share)] ?? 0);
  const rows = [...times].map(([kind, each]) => {
    const sorted = [...each].sort((one, other) => one - other);
    return `| ${kind} | ${each.length} | ${at(sorted, 0.5)} | ${at(sorted, 0.95)} | ${at(sorted, 0.99)} | ${at(sorted, 1)} |`;
  });
  const failed = [...failures].map(([what, count]) => `${count} × ${what}`).join(', ') || 'none';
  return [
    `${requests} requests, ${scores} scores; failed: ${failed}`,
    '| | requests | p50 ms | p95 ms | p99 ms | slowest |',
    '| --- | --- | --- | --- | --- | --- |',
    ...rows,
  ].join('\n');
}
