// A Redis for tests: the one of TEST_REDIS_URL, else a temporary redis-server on a free port.
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Redis } from 'ioredis';
import { freePort, installDebianPackage } from './system.mjs';

const START_MS = 15_000;

const find = () =>
  [process.env.REDIS_SERVER, ...(process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'redis-server'))].find(
    (file) => file !== undefined && file !== '' && existsSync(file),
  );

/** Path of a redis-server; on Debian as root it is installed, elsewhere its absence ends the run with what to do. */
export function ensureRedis() {
  const found = find();
  if (found !== undefined) return found;
  const installed = installDebianPackage('redis-server') ? find() : undefined;
  if (installed !== undefined) return installed;
  throw new Error(
    'The tests need redis-server 6.2 or newer and found none. Install it (Debian: apt-get install redis-server; macOS: brew install redis), ' +
      'set REDIS_SERVER to its path, or set TEST_REDIS_URL to a server that tests may use.',
  );
}

/** A Redis that the whole suite shares. @returns {Promise<{ url: string, stop(): Promise<void> }>} */
export async function startRedis() {
  const given = process.env.TEST_REDIS_URL;
  if (given) return { url: given, stop: async () => {} };
  return spawnRedis();
}

/**
 * A redis-server of the test's own, on `port` or a free one. Cluster nodes, sentinels and TLS are made with `args`; those are not asked
 * whether they run: pass `asks: false`.
 *
 * @returns {Promise<{ url: string, port: number, kill(): Promise<void>, stop(): Promise<void> }>}
 */
export async function spawnRedis({ port = undefined, args = [], asks = true } = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'ilearn-redis-'));
  const own = port ?? (await freePort());
  const first = args.filter((each) => each.endsWith('.conf'));
  const rest = args.filter((each) => !each.endsWith('.conf'));
  const child = spawn(
    ensureRedis(),
    [...first, ...(first.length > 0 ? [] : ['--port', `${own}`, '--bind', '127.0.0.1', '--save', '']), ...rest],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let printed = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (bytes) => (printed += bytes));
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const end = async (signal) => {
    child.kill(signal);
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const url = `redis://127.0.0.1:${own}`;
  try {
    if (asks) await answers(url, child);
  } catch (error) {
    await end('SIGKILL');
    throw new Error(`redis-server did not start: ${error.message}\n${printed}`);
  }
  return { url, port: own, kill: () => end('SIGKILL'), stop: () => end('SIGTERM') };
}

async function answers(url, child) {
  const deadline = Date.now() + START_MS;
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on('error', () => {});
  try {
    await Promise.race([
      client.ping(),
      new Promise((_, reject) => child.once('exit', (code) => reject(new Error(`it ended with ${code}`)))),
      new Promise((_, reject) => setTimeout(() => reject(new Error('no answer')), deadline - Date.now()).unref()),
    ]);
  } finally {
    client.disconnect();
  }
}
