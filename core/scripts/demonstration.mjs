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
 * Starts this repository's portal with an embedded database of its own, and waits until the demonstration is filled.
 * @returns {Promise<{ url: string, stop(): Promise<void> }>}
 */
export async function startDemonstration() {
  const data = await mkdtemp(join(tmpdir(), 'ilearn-demonstration-'));
  const url = `http://127.0.0.1:${await freePort()}`;
  const child = spawn(process.execPath, ['core/bin/ilearn.js', 'start'], {
    cwd: root,
    env: { ...process.env, PORT: new URL(url).port, DATA_DIR: data, PUBLIC_URL: url },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  const stop = async () => {
    if (child.exitCode === null) child.kill('SIGTERM');
    await ended;
    await rm(data, { recursive: true, force: true });
  };
  try {
    await Promise.race([
      filled(url),
      ended.then((code) => {
        throw new Error(`the portal ended with ${code}`);
      }),
    ]);
  } catch (error) {
    await stop();
    throw error;
  }
  return { url, stop };
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
