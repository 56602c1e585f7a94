import { fork } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createDatabase } from '@ilearn/core/testing';

const profiles = process.env['BENCH_CPU_PROFILE'];
const here = dirname(fileURLToPath(import.meta.url));

export const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.floor(values.length * share)];
export const median = (values) => quantile(values, 0.5);

function run({ script, args }, databaseUrl, environment = {}) {
  return fork(join(here, 'servers', script), args, {
    // BENCH_CPU_PROFILE=<folder>: a profile of the measured process, for the browser's developer tools.
    execArgv: ['--expose-gc', ...(profiles ? ['--cpu-prof', `--cpu-prof-dir=${profiles}`] : [])],
    env: { ...process.env, DATABASE_URL: databaseUrl, ILEARN_TEST_POSTGRES: databaseUrl, NODE_ENV: 'production', ...environment },
  });
}

/** A process that goes on: what it tells first, and how to end it. */
export function startServer(contender, databaseUrl) {
  const child = run(contender, databaseUrl);
  return new Promise((resolve, reject) => {
    child.once('message', (message) => resolve({ ...message, stop: () => child.kill('SIGKILL') }));
    child.once('exit', (code) => reject(new Error(`${contender.script} ended with ${code}`)));
  });
}

/** A process that does its work, tells what it measured and ends. */
export function runOnce(contender, databaseUrl, environment) {
  const child = run(contender, databaseUrl, environment);
  return new Promise((resolve, reject) => {
    let told;
    child.once('message', (message) => {
      told = message;
    });
    child.once('exit', (code) =>
      code === 0 && told !== undefined ? resolve(told) : reject(new Error(`${contender.script} ended with ${code}`)),
    );
  });
}

/** `fn` with the address of an empty database of its own. */
export async function withDatabase(serverUrl, fn) {
  const { url, drop } = await createDatabase(serverUrl);
  try {
    return await fn(url);
  } finally {
    await drop();
  }
}
