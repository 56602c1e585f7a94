// What a web process holds in memory while it is under load, after it, and once the garbage is collected; and how soon the portal with all
// plugins serves again after a restart, and what it holds while nobody uses it.
import { execFileSync, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import autocannon from 'autocannon';
import { startDemonstration } from '../scripts/demonstration.mjs';
import { withDatabase } from './support.mjs';

const SECONDS = Number(process.env.BENCH_SECONDS ?? 10);
const ROUNDS = 3;
/** Until the process has given back what it does not need. */
const REST_MS = Number(process.env.BENCH_REST_MS ?? 20_000);
const MB = 1_048_576;

export async function measureMemory(serverUrl) {
  const rows = [];
  await withDatabase(serverUrl, async (url) => {
    const script = join(dirname(fileURLToPath(import.meta.url)), 'servers', 'memory.mjs');
    const child = fork(script, {
      execArgv: ['--expose-gc'],
      env: { ...process.env, DATABASE_URL: url, ILEARN_TEST_POSTGRES: url, NODE_ENV: 'production' },
    });
    try {
      const [server] = await once(child, 'message');
      const look = async (when, collect = false) => {
        child.send({ collect });
        const [{ rss, heapUsed, external }] = await once(child, 'message');
        const [resident, heap, outside] = [rss, heapUsed, external].map((bytes) => Math.round(bytes / MB));
        rows.push({ when, 'resident, MB': resident, 'heap in use, MB': heap, 'outside the heap, MB': outside });
      };
      await look('started');
      for (let round = 1; round <= ROUNDS; round++) {
        await load(server);
        await look(`after ${round * SECONDS} s of load`);
        process.stderr.write(`memory: round ${round} of ${ROUNDS}\n`);
      }
      await pause(REST_MS);
      await look(`${REST_MS / 1000} s later`);
      await look('garbage collected', true);
    } finally {
      child.disconnect();
    }
  });
  console.table(rows);
  console.log('10 plugins; sessions, single rows and answers not found in turn, 32 connections, 200 people\n');
  await measureIdle(serverUrl);
}

async function measureIdle(serverUrl) {
  const rows = [await withDatabase(serverUrl, (url) => idleOn('PostgreSQL', url)), await idleOn('embedded database', '')];
  console.table(rows);
  console.log(`the demonstration with all plugins, restarted and left alone for ${REST_MS / 1000} s\n`);
}

async function idleOn(database, databaseUrl) {
  const folder = await mkdtemp(join(tmpdir(), 'ilearn-bench-'));
  try {
    const first = await startDemonstration({ databaseUrl, folder });
    await first.stop();
    const again = await startDemonstration({ databaseUrl, folder });
    await pause(REST_MS);
    const kilobytes = Number(execFileSync('ps', ['-o', 'rss=', '-p', String(again.pid)], { encoding: 'utf8' }));
    await again.stop();
    return {
      database,
      'first start, ms': Math.round(first.readyMs),
      'restart, ms': Math.round(again.readyMs),
      'resident, MB': Math.round(kilobytes / 1024),
    };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const load = ({ url, path, cookies }) =>
  autocannon({
    url,
    connections: 32,
    duration: SECONDS,
    requests: ['/api/kernel/session', path, '/api/nowhere', `${path}?x=1`, '/health/live'].flatMap((each) =>
      cookies.slice(0, 40).map((cookie) => ({ method: 'GET', path: each, headers: { cookie } })),
    ),
  });
