import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

const freePort = () =>
  new Promise((resolve, reject) => {
    const server = createServer().once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address();
      server.close(() => resolve(port));
    });
  });

/**
 * Starts this repository's portal and waits until the demonstration is filled.
 * @param {string} [databaseUrl] default: an embedded database
 * @param {string} [folder] its data, kept when it stops; default: a new one
 * @returns {Promise<{ url: string, pid: number, readyMs: number, stop(): Promise<void> }>} `readyMs`: from its start until it serves
 */
export async function startDemonstration({ databaseUrl = '', folder } = {}) {
  const data = folder ?? (await mkdtemp(join(tmpdir(), 'ilearn-demonstration-')));
  const begun = performance.now();
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(process.execPath, ['core/bin/ilearn.js', 'start'], {
    cwd: root,
    env: { ...process.env, PORT: new URL(url).port, DATA_DIR: data, PUBLIC_URL: url, DATABASE_URL: databaseUrl },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await ended;
    if (folder === undefined) await rm(data, { recursive: true, force: true });
  };
  let readyMs = 0;
  try {
    await Promise.race([
      serving(url).then(() => {
        readyMs = performance.now() - begun;
        return filled(url);
      }),
      ended.then((code) => {
        throw new Error(`the portal ended with ${code}`);
      }),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, pid: child.pid, readyMs, stop };
}

async function serving(url) {
  for (const until = Date.now() + 300_000; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 10))) {
    if ((await fetch(`${url}/health/ready`).catch(() => null))?.ok) return;
  }
  throw new Error('the portal was not ready within five minutes');
}

/** Waits until there is somebody behind the doors of the demonstration. */
async function filled(url) {
  for (const until = Date.now() + 600_000; Date.now() < until; await new Promise((resolve) => setTimeout(resolve, 1_000))) {
    const answer = await fetch(`${url}/api/demo/doors`).catch(() => null);
    if (answer?.ok && (await answer.json()).doors.length > 0) return;
  }
  throw new Error('the demonstration was not filled within ten minutes');
}

/** Signs a page's context in as the person behind a door: `pupil`, `teacher`, `coordinator`, `principal`, `planner`, `administrator`. */
export async function enter(page, url, door) {
  const answer = await page.request.post(`${url}/api/demo/session`, { data: { door }, headers: { origin: url } });
  if (!answer.ok()) throw new Error(`the door "${door}" stays shut: ${answer.status()}`);
}
