import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createDatabase } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openHome } from '../dist/database/homes/home.js';
import { Replica, remedyOfReplica } from '../dist/database/homes/replica.js';
import { jobLimits, requestLimits } from '../dist/database/homes/session-settings.js';
import { freePort } from '../scripts/system.mjs';
import { PortalFolder } from './support/command.js';
import { serverForTests } from './support/database.js';
import { until } from './support/redis.js';

const binary = ['/usr/sbin/pgbouncer', '/usr/bin/pgbouncer', '/usr/local/bin/pgbouncer'].find(existsSync);

let server: Awaited<ReturnType<typeof serverForTests>>;
let database: Awaited<ReturnType<typeof createDatabase>>;
beforeAll(async () => {
  server = await serverForTests();
  database = await createDatabase(server.url);
});
afterAll(async () => {
  await database?.drop();
  await server?.stop();
});

/** PgBouncer before the test's database, in a pool mode. */
async function startPgBouncer(mode: string, more = ''): Promise<{ url: string; stop(): Promise<void> }> {
  const folder = mkdtempSync(join(tmpdir(), 'ilearn-pgbouncer-'));
  const port = await freePort();
  const { hostname, port: behind, username, password, pathname } = new URL(database.url);
  writeFileSync(join(folder, 'users'), `"${username}" "${password}"\n`);
  writeFileSync(
    join(folder, 'pgbouncer.ini'),
    `[databases]\n${pathname.slice(1)} = host=${hostname} port=${behind} user=${username} password=${password}\n` +
      `[pgbouncer]\nlisten_addr = 127.0.0.1\nlisten_port = ${port}\nunix_socket_dir =\nauth_type = any\n` +
      `pool_mode = ${mode}\nlogfile = ${folder}/log\npidfile = ${folder}/pid\n${more}\n`,
  );
  // It does not run as root.
  const args = process.getuid?.() === 0 ? ['-u', 'nobody'] : [];
  if (args.length > 0) {
    const { chmodSync, chownSync } = await import('node:fs');
    chmodSync(folder, 0o777);
    for (const file of ['users', 'pgbouncer.ini']) chownSync(join(folder, file), 65534, 65534);
  }
  const child = spawn(binary as string, [...args, join(folder, 'pgbouncer.ini')], { stdio: 'ignore' });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  await until('PgBouncer listens', () => listens(port), 10);
  return {
    url: `postgresql://${username}:${password}@127.0.0.1:${port}${pathname}`,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

const listens = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

describe.runIf(binary !== undefined)('operator 13: PgBouncer', () => {
  test.each([
    ['transaction', ''],
    ['transaction', 'default_pool_size = 1'],
    ['transaction', 'server_round_robin = 1'],
    ['statement', ''],
  ])('in %s mode is refused in one sentence (%s)', async (mode, more) => {
    const bouncer = await startPgBouncer(mode, more);
    try {
      await expect(openHome({ url: bouncer.url, connections: 3 })).rejects.toThrow('DATABASE_URL points to a connection pooler');
    } finally {
      await bouncer.stop();
    }
  });

  test('in transaction mode before a replica is not read, and says so', async () => {
    const bouncer = await startPgBouncer('transaction');
    const home = await openHome({ url: database.url, connections: 2 });
    const states: string[] = [];
    const limits = { usual: requestLimits, jobs: jobLimits };
    const changed = (state: string) => states.push(state);
    const replica = new Replica({ url: bouncer.url, connections: 3, limits, primary: home.ask, changed });
    try {
      replica.start();
      await until('the pooler is found', () => states.length > 0, 15);
      expect([states, replica.isFresh]).toEqual([['pooler'], false]);
      expect(remedyOfReplica.pooler).toContain('READ_DATABASE_URL');
    } finally {
      await replica.close();
      await home.close();
      await bouncer.stop();
    }
  });

  test('in transaction mode prevents the start of a portal, with exit code 2 and only that sentence', async () => {
    const bouncer = await startPgBouncer('transaction');
    const folder = new PortalFolder().compose();
    folder.environment['DATABASE_URL'] = bouncer.url;
    try {
      const { code, err } = await folder.run('start');
      expect([code, err.trim().split('\n').length]).toEqual([2, 1]);
      expect(err).toContain('pool_mode = session');
    } finally {
      await folder.remove();
      await bouncer.stop();
    }
  });

  test('in session mode works, with separate settings and prepared statements for each connection', async () => {
    const bouncer = await startPgBouncer('session', 'default_pool_size = 10');
    try {
      const home = await openHome({ url: bouncer.url, connections: 3 });
      const clients = await Promise.all([home.pool.connect(), home.pool.connect()]);
      for (const client of clients) {
        for (let time = 0; time < 3; time++) await client.query({ name: 'same_name', text: 'select 1' });
        expect((await client.query('show lock_timeout')).rows).toEqual([{ lock_timeout: '2s' }]);
        client.release();
      }
      await home.close();
    } finally {
      await bouncer.stop();
    }
  });
});

test('a server without a pooler is recognised by one query, and used', async () => {
  const home = await openHome({ url: database.url, connections: 2 });
  expect((await home.pool.query('select 1 as one')).rows).toEqual([{ one: 1 }]);
  await home.close();
});
