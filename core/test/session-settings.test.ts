import { routeFor } from '@ilearn/core';
import { openTestHome } from '@ilearn/core/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { openHome } from '../dist/database/homes/home.js';
import { sessionSettings } from '../dist/database/homes/session-settings.js';
import { onPostgres } from './support/database.js';
import { none, plugin, sql } from './support/fixtures.js';
import { portalOn, type TestHome } from './support/portal.js';

// Settings that somebody gave the database or the user for purposes of their own.
const hostile: Record<string, string> = {
  datestyle: 'SQL, DMY',
  intervalstyle: 'sql_standard',
  timezone: 'Pacific/Kiritimati',
  bytea_output: 'escape',
  extra_float_digits: '-15',
  standard_conforming_strings: 'off',
  escape_string_warning: 'off',
  backslash_quote: 'on',
  array_nulls: 'off',
  xmlbinary: 'hex',
  xmloption: 'document',
  client_encoding: 'LATIN1',
  lc_monetary: 'C.utf8',
  lc_numeric: 'C.utf8',
  lc_time: 'C.utf8',
  default_text_search_config: 'pg_catalog.french',
  transform_null_equals: 'on',
  quote_all_identifiers: 'on',
  check_function_bodies: 'off',
  row_security: 'off',
  search_path: 'nowhere',
  default_transaction_isolation: 'serializable',
  default_transaction_read_only: 'on',
  default_transaction_deferrable: 'on',
  synchronous_commit: 'off',
  statement_timeout: '7s',
  lock_timeout: '7s',
  idle_in_transaction_session_timeout: '7s',
  idle_session_timeout: '7s',
  transaction_timeout: '7s',
  client_min_messages: 'debug5',
  restrict_nonsystem_relation_kind: 'view',
  'ilearn.all_tenants': 'on',
  'ilearn.tenants': 'x',
  'ilearn.viewer': 'privacy',
  'ilearn.restricted': 'x',
};

onPostgres();
let home: TestHome;
beforeAll(async () => {
  home = await openTestHome();
});
afterAll(() => home?.close());

const kept = plugin('kept', {
  tables: { moments: none },
  migrations: [sql('0001', 'create table moments (at timestamptz not null, bytes bytea, span interval, number float8)')],
  routes: [
    routeFor<any>()({
      method: 'POST',
      path: '/moments',
      summary: 'Keeps a moment and tells it',
      permission: 'public',
      responses: {
        200: z.object({ at: z.string(), bytes: z.string(), number: z.number(), hours: z.number(), backslash: z.string() }),
      },
      handler: async ({ services: { knex } }) => {
        await knex('moments').insert({
          at: new Date('2026-02-03T04:05:06Z'),
          bytes: Buffer.from([0, 92, 255]),
          span: '26:00:00',
          number: 0.1 + 0.2,
        });
        const [row] = await knex('moments');
        const { rows } = await knex.raw(`select 'a\\b' as backslash`);
        return {
          at: row.at.toISOString(),
          bytes: row.bytes.toString('hex'),
          number: row.number,
          hours: row.span.hours,
          ...rows[0],
        };
      },
    }),
  ],
});

describe('operator 20: settings of the database user', () => {
  const scopes = [
    ['the database', (name: string) => `alter database "${name}"`],
    ['the user in it', (name: string) => `alter role current_user in database "${name}"`],
  ] as const;
  test.each(scopes)('%s do not change the behaviour of the portal', async (_, alter) => {
    const { rows } = await home.pool.query('select current_database() as name');
    const known = await home.pool.query('select lower(name) as name from pg_settings');
    const names = new Set(known.rows.map(({ name }) => name));
    for (const [name, value] of Object.entries(hostile)) {
      if (!names.has(name) && !name.includes('.')) continue;
      await home.pool.query(`${alter(rows[0].name)} set ${name} = ${value === 'SQL, DMY' ? 'SQL, DMY' : `'${value}'`}`);
    }
    const other: TestHome = { ...(await openHome({ url: `${home.url}`, connections: 5 })), url: home.url };
    const portal = portalOn(other, [kept]);
    try {
      const wanted: Record<string, string> = { ...sessionSettings, lock_timeout: '2s', statement_timeout: '30s' };
      for (const [name, value] of Object.entries(wanted)) {
        if (!names.has(name) && !name.includes('.') && name !== 'role') continue;
        const shown = await other.pool.query(`select current_setting($1) as value`, [name]);
        // As it was shown while quote_all_identifiers was on.
        expect([name, shown.rows[0].value.replaceAll('"', '')]).toEqual([name, value]);
      }
      expect((await other.pool.query(`select current_setting('synchronous_commit') as value`)).rows[0].value).toBe('on');
      const port = await portal.start();
      const answer = await fetch(`http://127.0.0.1:${port}/api/kept/moments`, { method: 'POST' });
      expect([answer.status, await answer.json()]).toEqual([
        200,
        { at: '2026-02-03T04:05:06.000Z', bytes: '005cff', number: 0.1 + 0.2, hours: 26, backslash: 'a\\b' },
      ]);
      // Beside the pool too.
      const [row] = await other.ask<{ style: string }>(`select current_setting('datestyle') as style`, [], 5_000);
      expect(row?.style).toBe('ISO, MDY');
    } finally {
      await portal.stop();
      await other.close();
      await home.pool.query(`${alter(rows[0].name)} reset all`);
      await home.pool.query('truncate kept.moments').catch(() => {});
    }
  });

  test('every session setting that changes results has a hostile example here', () => {
    const free = ['role', 'createrole_self_grant'];
    expect(Object.keys(sessionSettings).filter((name) => hostile[name] === undefined && !free.includes(name))).toEqual([]);
  });
});

test('disabled triggers and foreign keys are reported at start', async () => {
  const { rows } = await home.pool.query('select current_database() as name');
  await home.pool.query(`alter role current_user in database "${rows[0].name}" set session_replication_role = 'replica'`);
  try {
    await expect(openHome({ url: `${home.url}`, connections: 2 })).rejects.toThrow('session_replication_role is not "origin"');
  } finally {
    await home.pool.query(`alter role current_user in database "${rows[0].name}" reset session_replication_role`);
  }
});
