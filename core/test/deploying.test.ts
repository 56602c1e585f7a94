import { setTimeout as sleep } from 'node:timers/promises';
import { nothing, type PluginDefinition, routeFor } from '@ilearn/core';
import { openTestHome } from '@ilearn/core/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openHome } from '../dist/database/homes/home.js';
import { serverForTests } from './support/database.js';
import { none, north, plugin, sql } from './support/fixtures.js';
import { portalOn, refusalOf, type TestHome } from './support/portal.js';

// A new version of the software beside the one that serves.
const given = process.env['ILEARN_TEST_POSTGRES'];
let server: Awaited<ReturnType<typeof serverForTests>>;
let home: TestHome;
beforeAll(async () => {
  server = await serverForTests();
  process.env['ILEARN_TEST_POSTGRES'] = server.url;
});
afterAll(async () => {
  process.env['ILEARN_TEST_POSTGRES'] = given ?? '';
  await server?.stop();
});
beforeEach(async () => {
  home = await openTestHome();
});
afterEach(() => home?.close());
const join = async (): Promise<TestHome> => ({ ...(await openHome({ url: `${home.url}`, connections: 6 })), url: home.url });

const route = routeFor<any>();
const tools = plugin('tools', {
  tables: { scores: { tenant: 'school_id' } },
  migrations: [
    sql(
      '0001',
      'create table scores (school_id uuid, score int); create view totals as select school_id, sum(score) as total from scores group by 1',
    ),
  ],
  exports: { views: ['totals'] },
});
const paths = plugin('paths', {
  requires: { tools: '^1.0.0' },
  tables: { paths: { tenant: { column: 'school_id', nullMeansShared: true } }, offers: { tenant: 'tenants' } },
  migrations: [
    sql('0001', 'create table paths (id serial, school_id uuid, title text); create table offers (tenants uuid[], title text)'),
  ],
  routes: [
    route({
      method: 'GET',
      path: '/paths',
      summary: 'Reads them, and of the tools',
      permission: 'public',
      responses: { 200: z.object({}) },
      handler: async ({ services: { knex } }) => {
        await knex('paths').limit(5);
        await knex.raw('select * from tools.totals');
        return {};
      },
    }),
    route({
      method: 'POST',
      path: '/paths',
      summary: 'Changes them',
      permission: 'public',
      responses: { 204: nothing('Changed') },
      handler: async ({ services: { knex } }) => {
        await knex('paths').update({ title: 'Nieuw' });
      },
    }),
  ],
});
const reports = (seconds: number, more: Partial<PluginDefinition> = {}) =>
  plugin('reports', {
    requires: { tools: '^1.0.0', paths: '^1.0.0' },
    tables: { figures: none },
    migrations: [
      {
        name: '0001',
        down: '',
        up: async (knex) => {
          await knex.raw('create table figures (id int)');
          await knex.raw('insert into figures select * from generate_series(1, 1000)');
          await sleep(seconds * 1_000);
        },
      },
    ],
    ...more,
  });
const next = (definition: PluginDefinition): PluginDefinition => ({ ...definition, version: '1.1.0' });

/** Calls 40 times a second until it is ended, and tells the statuses. */
function load(port: number): { end(): Promise<Record<string, number>> } {
  const statuses: Record<string, number> = {};
  const under: Promise<void>[] = [];
  let count = 0;
  const timer = setInterval(() => {
    const method = count++ % 2 === 0 ? 'GET' : 'POST';
    under.push(
      fetch(`http://127.0.0.1:${port}/api/paths/paths`, { method }).then(async (answer) => {
        await answer.text();
        statuses[answer.status] = (statuses[answer.status] ?? 0) + 1;
      }),
    );
  }, 25);
  return {
    end: async () => {
      clearInterval(timer);
      await Promise.all(under);
      return statuses;
    },
  };
}

/** Locks that keep readers out, on tables of these schemas, seen until it is ended. */
function watchLocks(schemas: string[]): { end(): Promise<string[]> } {
  const seen = new Set<string>();
  let watching = true;
  const look = async () => {
    while (watching) {
      const { rows } = await home.pool.query(
        `select distinct n.nspname || '.' || c.relname as name from pg_locks l join pg_class c on c.oid = l.relation
         join pg_namespace n on n.oid = c.relnamespace where l.mode = 'AccessExclusiveLock' and n.nspname = any($1)`,
        [schemas],
      );
      for (const { name } of rows) seen.add(name);
      await sleep(20);
    }
  };
  const looking = look();
  return {
    end: async () => {
      watching = false;
      await looking;
      return [...seen];
    },
  };
}

describe('operator 7: a new version is deployed beside the one in service', () => {
  test('locks nothing of other plugins: none of 40 requests a second fails during a migration of several seconds', async () => {
    const [one, other] = [await join(), await join()];
    const old = portalOn(one, [tools, paths]);
    const port = await old.start();
    const serving = load(port);
    const locks = watchLocks(['tools', 'paths']);
    await sleep(500);
    const portal = portalOn(other, [next(tools), next(paths), reports(4)]);
    try {
      await portal.start();
      await sleep(500);
      const [statuses, locked] = [await serving.end(), await locks.end()];
      expect(Object.keys(statuses).sort()).toEqual(['200', '204']);
      expect(locked).toEqual([]);
    } finally {
      await serving.end();
      await locks.end();
      await portal.stop();
      await old.stop();
      await one.close();
      await other.close();
    }
  });

  test('changes a policy only if it differs from what it must be', async () => {
    const policies = async () => {
      const { rows } = await home.pool.query(
        `select p.oid::text, polname::text as name, pg_get_expr(polqual, polrelid) as using, polroles::text as roles, c.relname::text as table
         from pg_policy p join pg_class c on c.oid = polrelid join pg_namespace n on n.oid = relnamespace
         where nspname = any('{tools,paths}') order by c.relname, polname`,
      );
      return rows;
    };
    await portalOn(home, [tools, paths]).migrate();
    const made = await policies();
    expect(made).toHaveLength(12);
    await portalOn(home, [next(tools), next(paths)]).migrate();
    expect(await policies()).toEqual(made);
    // Somebody opened them.
    await home.pool.query(
      'alter policy ilearn_read on tools.scores using (true); alter table paths.paths no force row level security',
    );
    await home.pool.query('alter policy ilearn_delete on paths.paths to postgres');
    const again = (definition: PluginDefinition) => ({ ...definition, version: '1.2.0' });
    await portalOn(home, [again(tools), again(paths)]).migrate();
    const restored = await policies();
    const shape = (rows: any[]) => rows.map(({ oid, ...rest }) => rest);
    expect(shape(restored)).toEqual(shape(made));
    const { rows } = await home.pool.query(
      `select relforcerowsecurity as forced from pg_class where oid = 'paths.paths'::regclass`,
    );
    expect(rows).toEqual([{ forced: true }]);
  });

  test('grants missing rights, including those of readers of exported views', async () => {
    await portalOn(home, [tools, paths]).migrate();
    await home.pool.query('revoke select on tools.totals from ilearn_paths; revoke insert on paths.paths from ilearn_paths');
    await portalOn(home, [next(tools), next(paths)]).migrate();
    const { rows } = await home.pool.query(
      `select has_table_privilege('ilearn_paths', 'tools.totals', 'select') as reads, has_table_privilege('ilearn_paths', 'paths.paths', 'insert') as writes`,
    );
    expect(rows).toEqual([{ reads: true, writes: true }]);
  });

  test('gives way to a session that holds a table that it changes, and tries again', async () => {
    const [one, other] = [await join(), await join()];
    const old = portalOn(one, [tools, paths]);
    const port = await old.start();
    const holder = await home.pool.connect();
    await holder.query('begin; select * from paths.paths');
    const serving = load(port);
    const changed = {
      ...next(paths),
      migrations: [...(paths.migrations ?? []), sql('0002', 'alter table paths add note text')],
    };
    const migrating = portalOn(other, [next(tools), changed]).migrate();
    try {
      await sleep(3_000);
      await holder.query('rollback');
      expect((await migrating).applied).toEqual({ paths: ['0002'] });
      expect(Object.keys(await serving.end()).sort()).toEqual(['200', '204']);
    } finally {
      holder.release();
      await serving.end();
      await old.stop();
      await one.close();
      await other.close();
    }
  });
});

test('a required plugin that fails prevents the start and stores none of its migrations; those of others are kept', async () => {
  const broken = plugin('broken', {
    tables: { one: none },
    migrations: [sql('0001', 'create table one (id int)'), sql('0002', 'alter table nowhere add b int')],
  });
  expect(await refusalOf(portalOn(home, [tools, broken, paths]).start())).toContain('broken › migrations.0002');
  const { rows } = await home.pool.query(`select plugin from kernel.migrations where plugin <> 'kernel' order by 1`);
  expect(rows.map((row) => row.plugin)).toEqual(['paths', 'tools']);
  expect((await home.pool.query(`select from pg_namespace where nspname = 'broken'`)).rowCount).toBe(0);
  await home.pool.query('insert into tools.scores values ($1, 1)', [north]);
});
