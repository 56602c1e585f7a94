import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { onPostgres } from '../../../core/test/support/database.js';
import { aRoster, createWorld, enrolment, pupils, user, type World } from './support/world.js';

/** The long mode kills at every request for a list: `ILEARN_KILLS=200 npm run test:kills`. */
const isLong = process.env['ILEARN_KILLS'] !== undefined;

const root = join(import.meta.dirname, '..', '..', '..');
const folder = mkdtempSync(join(tmpdir(), 'ilearn-rosters-kills-'));

onPostgres();
let world: World;
let connection: string;
let worker: ChildProcess | null = null;
/** What the worker wrote to its standard error. */
let log = '';

beforeAll(async () => {
  world = await createWorld({ only: 'web' });
  connection = (await world.portal.platform.home()).pool.options.connectionString as string;
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'dir');
  const plugins = ['directory', 'login', 'notifications', 'sign-in-oidc', 'rosters'].map((id) => [`@ilearn/plugin-${id}`, {}]);
  const http = { rosters: { hosts: [world.server.url, world.other.url] } };
  const config = JSON.stringify({ plugins: Object.fromEntries(plugins), http });
  writeFileSync(
    join(folder, 'ilearn.config.ts'),
    `import { defineConfig } from '@ilearn/core';\nexport default defineConfig(${config});\n`,
  );
  world.server.be({ clamp: 4 });
  world.server.roster = aRoster();
  await world.connect();
});
afterAll(async () => {
  await kill();
  await world?.stop();
  rmSync(folder, { recursive: true, force: true });
});

/** Starts a process that works for the portal, and takes over what one that died left undone. */
async function start(): Promise<void> {
  // What a dead process claimed is free after fifteen seconds, for which nobody waits here.
  await query('update kernel.messages set leased_until = now() where leased_until is not null');
  const { PATH = '', HOME = '' } = process.env;
  const child = spawn(process.execPath, [join(root, 'core', 'bin', 'ilearn.js'), 'start', '--only', 'worker'], {
    cwd: folder,
    env: { PATH, HOME, HOST: '127.0.0.1', PORT: '0', LOG_LEVEL: 'warn', DATABASE_URL: connection },
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  log = '';
  child.stderr.on('data', (bytes) => {
    log += bytes;
  });
  worker = child;
}

async function kill(): Promise<void> {
  const child = worker;
  worker = null;
  if (child === null || child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGKILL');
  await gone;
}

async function query(sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client(connection);
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

/** Transactions that wrote the rows of the directory: equal as long as nothing is written. */
const versions = () =>
  query(
    ['people', 'memberships', 'roles', 'classes', 'enrolments', 'school_years', 'schools']
      .map((table) => `select '${table}' as t, xmin::text, count(*)::int from directory.${table} group by xmin`)
      .join(' union all ')
      .concat(' order by 1, 2'),
  );

const settled = async (run: string) => {
  const found = await world.settled(run).catch((error: Error) => Promise.reject(new Error(`${error.message}\n${log}`)));
  expect(found, log).toMatchObject({ state: 'done', failure: null });
};

/** What the school is after the run that is killed: somebody came, somebody left, somebody moved. */
const next = () => {
  const roster = aRoster();
  roster.users = [...roster.users.filter(({ sourcedId }) => sourcedId !== 'ali'), user('mo', 'student')];
  roster.enrollments = [
    ...roster.enrollments.filter(({ sourcedId }) => !['1a-ali', '1a-bo'].includes(sourcedId as string)),
    enrolment('mo', '1a', 'student'),
    enrolment('bo', '2a', 'student'),
  ];
  return roster;
};

test('a process that is killed while it reads or takes over leaves the school as it was, and another one finishes', {
  timeout: 600_000,
}, async () => {
  await start();
  await settled(await world.start());
  const before = await world.members();
  expect(Object.values(before).flat()).toHaveLength(pupils.length + 2);
  const requests = world.server.asked.length;
  expect(requests).toBeGreaterThan(8);

  for (const at of isLong ? Array.from({ length: requests }, (_, index) => index + 1) : [Math.ceil(requests / 2)]) {
    world.server.be({ clamp: 4 });
    world.server.roster = next();
    const unchanged = await versions();
    const killed = new Promise<void>((resolve) => {
      world.server.before = () => {
        if (world.server.asked.length === at) resolve(kill());
      };
    });
    const run = await world.start();
    await killed;
    world.server.before = () => {};
    expect(await versions(), `killed at request ${at}`).toEqual(unchanged);
    expect(await world.members()).toEqual(before);
    await start();
    await settled(run);
    expect((await world.members())['1A']).toContain('mo pupil');
    world.server.roster = aRoster();
    await settled(await world.start());
    expect(await world.members()).toEqual(before);
  }

  // In the middle of writing: a lock holds it up after people were written, and before places are.
  world.server.be({ clamp: 4 });
  world.server.roster = next();
  const unchanged = await versions();
  const holder = new pg.Client(connection);
  await holder.connect();
  try {
    await holder.query('begin');
    await holder.query('lock table directory.enrolments in share mode');
    const run = await world.start();
    const waiting = `select 1 from pg_locks where relation = 'directory.enrolments'::regclass and not granted`;
    await expect.poll(async () => (await query(waiting)).length, { timeout: 60_000 }).toBeGreaterThan(0);
    await kill();
    await holder.query('rollback');
    const open = `select 1 from pg_stat_activity where datname = current_database() and state = 'active' and wait_event_type = 'Lock'`;
    await expect.poll(async () => (await query(open)).length, { timeout: 30_000 }).toBe(0);
    expect(await versions()).toEqual(unchanged);
    expect(await world.members()).toEqual(before);
    await start();
    await settled(run);
    expect((await world.members())['2A']).toContain('bo pupil');
  } finally {
    await holder.end();
  }
});
