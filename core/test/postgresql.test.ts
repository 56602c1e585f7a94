import { routeFor } from '@ilearn/core';
import { createTestPlatform, openTestHome, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openHome } from '../dist/database/homes/home.js';
import { onPostgres } from './support/database.js';
import { lotte, north, plugin, south } from './support/fixtures.js';
import { portalOn, refusalOf, type TestHome } from './support/portal.js';

// What only a database server of its own can show; it runs on one also where the rest of the suite runs on PGlite.
onPostgres();

describe('a portal of two processes', () => {
  test('applies a command in both, and each reports the result', async () => {
    const home = await openTestHome();
    const other = { ...(await openHome({ url: `${home.url}`, connections: 3 })), url: home.url };
    const ping = routeFor<any>()({
      method: 'GET',
      path: '/ping',
      summary: 'Answers',
      permission: 'public',
      responses: { 200: z.object({}) },
      handler: () => ({}),
    });
    const twofold = plugin('twofold', { routes: [ping], privileges: ['plugins'] });
    const portals = [portalOn(home, [twofold], { required: [] }), portalOn(other, [twofold], { required: [] })];
    try {
      const urls = [];
      for (const each of portals) urls.push(`http://127.0.0.1:${await each.start()}/api/twofold/ping`);
      const answers = () => Promise.all(urls.map(async (url) => (await fetch(url)).status));
      expect(await answers()).toEqual([200, 200]);
      // As the command does, in a process of its own.
      const command = portalOn(home, [twofold], { required: [] });
      await command.loadStoredStates();
      const disabled = await command.operate({ command: 'disable', id: 'twofold', options: {} });
      expect([disabled.code, disabled.lines[0]]).toEqual([0, 'twofold  1.0.0     contract 1  disabled']);
      expect(await answers()).toEqual([503, 503]);
      expect((await command.operate({ command: 'enable', id: 'twofold', options: {} })).lines).toEqual([
        'twofold  1.0.0     contract 1  started',
      ]);
      expect(await answers()).toEqual([200, 200]);
      // As a page does, by the service, in one of them.
      expect(await portals[0]!.work('twofold', ({ plugins }) => plugins.disable('twofold'))).toBe(true);
      const told = async () => (await command.operate({ command: 'list', id: '', options: {} })).lines;
      await expect.poll(told, { timeout: 10_000 }).toEqual(['twofold  1.0.0     contract 1  disabled']);
      expect(await answers()).toEqual([503, 503]);
    } finally {
      for (const each of portals) await each.stop();
      await other.close();
      await home.close();
    }
  });

  test('reports the result of a retry even if it was busy with another when it was requested', async () => {
    const home = await openTestHome();
    let mended = false;
    let arrived = () => {};
    let goOn = () => {};
    const slowed = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const slow = plugin('slow', {
      async start() {
        if (!mended) throw new Error('not yet');
        arrived();
        await new Promise<void>((resolve) => {
          goOn = resolve;
        });
      },
    });
    const quick = plugin('quick', {
      async start() {
        if (!mended) throw new Error('not yet');
      },
    });
    const portal = portalOn(home, [slow, quick], { required: [] });
    const command = portalOn(home, [slow, quick], { required: [] });
    try {
      await portal.start();
      await command.loadStoredStates();
      mended = true;
      const retry = (id: string) => command.operate({ command: 'retry', id, options: {} });
      const first = retry('slow');
      await slowed;
      const second = retry('quick');
      // Until it was asked for.
      await expect
        .poll(async () => {
          const { rows } = await home.pool.query(
            `select from kernel.plugin_states where id = 'quick' and retry_asked_at is not null`,
          );
          return rows.length;
        })
        .toBe(1);
      // Meanwhile it tells that it lives, or a start of half a minute would look like no portal at all.
      const alive = async () => (await home.pool.query('select seen_at from kernel.processes')).rows[0].seen_at.getTime();
      const before = await alive();
      await expect.poll(alive, { timeout: 10_000 }).toBeGreaterThan(before);
      goOn();
      expect(await second).toEqual({ code: 0, lines: ['quick  1.0.0     contract 1  started'] });
      expect(await first).toEqual({ code: 0, lines: ['slow  1.0.0     contract 1  started'] });
    } finally {
      goOn();
      await portal.stop();
      await home.close();
    }
  });
});

describe('a database user with the rights that a hosting provider gives', () => {
  const user = `guest_${Date.now().toString(36)}`;
  const id = `${user.replace('_', '-')}-tidy`;
  const roles = [`ilearn_${user}_tidy`, `ilearn_${user}_tidy__owner`];
  const tidy = plugin(id, {
    tables: { rows: { tenant: 'school_id' } },
    migrations: [{ name: '0001', up: 'create table rows (school_id uuid)', down: 'drop table rows' }],
  });
  let home: TestHome;
  let own: TestHome;

  beforeAll(async () => {
    home = await openTestHome();
    await home.pool.query(`create role ${user} login password 'guest'`);
    const url = new URL(`${home.url}`);
    url.username = user;
    url.password = 'guest';
    own = { ...(await openHome({ url: url.href, connections: 3 })), url: url.href };
  });
  afterAll(async () => {
    await own?.close();
    if (home === undefined) return;
    await home.pool.query(`drop owned by ${user} cascade`);
    for (const role of roles) await home.pool.query(`drop owned by "${role}" cascade; drop role "${role}"`);
    await home.pool.query(`drop role ${user}`);
    await home.close();
  });

  test('gets the SQL that an administrator must run, which is sufficient', async () => {
    const refusal = await refusalOf(portalOn(own, [tidy]).migrate());
    expect(refusal).toContain(`The database user "${user}" may not create the roles and schemas that separate plugins.`);
    const [, sql = ''] = refusal.split('\n\n');
    const lines = sql.split('\n').map((line) => line.trim());
    expect(lines).toEqual([
      `create role "${roles[0]}" nologin noinherit;`,
      `create role "${roles[1]}" nologin noinherit;`,
      `grant "${roles[0]}" to "${user}";`,
      `grant "${roles[1]}" to "${user}";`,
      expect.stringMatching(/^grant create on database ".*" to "guest_.*";$/),
    ]);

    // Half of it is not enough, and what is left is asked for.
    await home.pool.query(`${lines[0]}`);
    const again = await refusalOf(portalOn(own, [tidy]).migrate());
    expect(again).not.toContain(`${lines[0]}`);
    expect(again).toContain(`${lines[2]}`);

    await home.pool.query(lines.slice(1).join('\n'));
    const portal = portalOn(own, [tidy], { required: [] });
    await portal.migrate();
    await portal.prepare();
    const principal = { kind: 'person', id: null, roles: [], tenants: [north] } as const;
    const seen = await portal.runner.run({ principal }, async (frame) => {
      const { knex } = portal.runner.cradleOf(id, frame) as any;
      await knex('rows').insert({ school_id: north });
      const foreign = knex.transaction((trx: any) => trx('rows').insert({ school_id: south }));
      await expect(foreign).rejects.toThrow('row-level security');
      return [(await knex.raw('select current_user as role')).rows[0].role, await knex('rows').pluck('school_id')];
    });
    expect(seen).toEqual([roles[0], [north]]);
    expect((await portalOn(own, [tidy]).migrate()).applied).toEqual({});

    // Roles that an administrator made only an administrator can drop: it is told how, and the rest is gone.
    await portal.operate({ command: 'disable', id, options: {} });
    const { code, lines: told } = await portal.operate({ command: 'purge', id, options: { yes: true } });
    expect([code, told]).toEqual([0, expect.arrayContaining(['table      rows  1 rows', 'Removed.'])]);
    expect(told.filter((line) => line.startsWith('The role')).map((line) => line.split('→ ')[1])).toEqual(
      roles.map((role) => `As an administrator: drop owned by "${role}"; drop role "${role}";`),
    );
    expect((await home.pool.query('select from pg_namespace where nspname = $1', [id.replaceAll('-', '_')])).rowCount).toBe(0);
  });
});

describe('a GET that waits for something other than the database', () => {
  test('holds no connection meanwhile', async () => {
    let arrived = () => {};
    let goOn = () => {};
    const begun = new Promise<void>((resolve) => {
      arrived = resolve;
    });
    const gate = new Promise<void>((resolve) => {
      goOn = resolve;
    });
    const get = (path: string, handler: (input: any) => Promise<unknown>) =>
      routeFor<any>()({
        method: 'GET',
        path,
        summary: path,
        permission: 'signed-in',
        machines: { none: 'a test' },
        responses: { 200: z.object({}) },
        handler: async (input) => {
          await handler(input);
          return {};
        },
      });
    const patient = plugin('patient', {
      routes: [
        get('/waits', async ({ services: { knex } }) => {
          await knex.raw('select 1');
          arrived();
          await gate;
          await knex.raw('select 2');
        }),
        get('/reads', ({ services: { knex } }) => knex.raw('select 3')),
      ],
    });
    const portal = await createTestPlatform({ plugins: [patient], settings: { databaseConnections: 1 } });
    try {
      const reader = await portal.signIn(lotte);
      const waiting = reader.get('/api/patient/waits');
      await begun;
      expect((await reader.get('/api/patient/reads')).status).toBe(200);
      goOn();
      expect((await waiting).status).toBe(200);
    } finally {
      goOn();
      await portal.stop();
    }
  });
});

describe('a database server that goes away', () => {
  const route = routeFor<any>();
  let portal: TestPlatform;
  let server: TestHome;
  beforeAll(async () => {
    server = await openTestHome();
    portal = await createTestPlatform({
      plugins: [
        plugin('slow', {
          tables: { rows: { tenant: { none: 'a test' } } },
          migrations: [{ name: '0001', up: 'create table rows (a int)', down: 'drop table rows' }],
          routes: [
            route({
              method: 'POST',
              path: '/rows',
              summary: 'Loses its connection half way',
              permission: 'public',
              responses: { 200: z.object({}) },
              handler: async ({ services: { knex, unitOfWork } }) => {
                await knex('rows').insert({ a: 1 });
                const { rows } = await knex.raw('select current_database() as name');
                await server.pool.query(
                  `select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and state = 'idle in transaction'`,
                  [rows[0].name],
                );
                await unitOfWork.savepoint(() => knex('rows').insert({ a: 2 }));
                return {};
              },
            }),
            route({
              method: 'GET',
              path: '/rows',
              summary: 'Reads, and hides why it cannot',
              permission: 'public',
              responses: { 200: z.object({}) },
              handler: async ({ services: { knex } }) => {
                try {
                  await knex('rows');
                } catch {
                  throw new Error('no rows today');
                }
                return {};
              },
            }),
          ],
        }),
      ],
    });
  });
  afterAll(async () => {
    await portal?.stop();
    await server?.close();
  });
  const database = async () => {
    const { rows } = await portal.work('slow', ({ knex }) => knex.raw('select current_database() as name'));
    return rows[0].name as string;
  };

  test('fails the current request, stores nothing, and the next one gets a new connection', async () => {
    const { status, body } = await portal.client().post('/api/slow/rows');
    expect([status, body.type]).toEqual([503, '/problems/database-unavailable']);
    expect(await portal.work('slow', ({ knex }) => knex('rows'))).toEqual([]);
    expect((await portal.client().get('/health/ready')).status).toBe(200);
  });

  test('does not take a plugin out of service', async () => {
    const name = await database();
    await server.pool.query(`alter database ${name} allow_connections false`);
    await server.pool.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    for (let call = 0; call < 15; call++) expect((await portal.client().get('/api/slow/rows')).status).toBe(503);
    await server.pool.query(`alter database ${name} allow_connections true`);
    expect((await portal.client().get('/api/slow/rows')).status).toBe(200);
  });

  test('is visible in /health/ready while /health/live stays fine, until it is back', async () => {
    const name = await database();
    const health = async (path: string) => {
      const { status, body } = await portal.client().get(`/health/${path}`);
      return [status, body];
    };
    await server.pool.query(`alter database ${name} allow_connections false`);
    await server.pool.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1', [name]);
    expect(await health('ready')).toEqual([
      503,
      expect.objectContaining({
        status: 'not ready',
        database: 'unreachable',
        queue: 'unreachable',
        plugins: { slow: { state: 'started', version: '1.0.0', contract: 1 } },
      }),
    ]);
    expect(await health('live')).toEqual([200, { status: 'live' }]);
    await server.pool.query(`alter database ${name} allow_connections true`);
    await expect.poll(async () => (await health('ready'))[0], { timeout: 10_000 }).toBe(200);
  });
});
