import { randomUUID } from 'node:crypto';
import { request } from 'node:http';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { PortalFolder } from './support/command.js';
import { serverForTests } from './support/database.js';

// Two versions of the software, each a process of its own, on one database.
vi.setConfig({ testTimeout: 120_000 });

const SECONDS_OF_MIGRATION = 3;

/** A ledger whose entries are counted by an event handler and stamped by a job. */
const ledger = (version: string, more: { migrations?: string[]; columns?: string; job?: string } = {}) => `
import { definePlugin } from '@ilearn/core';
import { z } from 'zod';
const none = { tenant: { none: 'a test' } };
export default definePlugin({
  id: 'ledger', version: '${version}',
  tables: { entries: none, counted: none, stamps: none },
  migrations: [
    { name: '0001_ledger', up: 'create table entries (id uuid primary key, line text not null); create table counted (id uuid, by text); create table stamps (id uuid, by text)', down: '' },
    ${(more.migrations ?? []).join(',\n')}
  ],
  events: { entered: z.object({ id: z.string() }) },
  on: { 'ledger.entered': ({ payload, services: { knex } }) => knex('counted').insert({ id: payload.id, by: '${version}' }) },
  jobs: { ${more.job ?? 'stamp'}: { payload: z.object({ id: z.string() }), handler: ({ payload, services: { knex } }) => knex('stamps').insert({ id: payload.id, by: '${version}' }) } },
  routes: [{
    method: 'POST', path: '/entries/:id', summary: 'Enters a line', permission: 'public',
    params: z.object({ id: z.uuid() }), responses: { 200: z.object({ version: z.string() }) },
    async handler({ params: { id }, services: { knex, events, jobs } }) {
      await knex('entries').insert({ id, line: 'a line'${more.columns ?? ''} });
      await events.publish('entered', { id });
      await jobs.enqueue('${more.job ?? 'stamp'}', { id });
      return { version: '${version}' };
    },
  }],
});`;
const expand = `{ name: '0002_weight', up: 'alter table entries add column weight int not null default 1', down: '' }`;
/** In a plugin of its own, since a migration keeps the tables that it altered locked until it commits. */
const slow = `
import { definePlugin } from '@ilearn/core';
export default definePlugin({
  id: 'slow', version: '1.0.0', tables: { notes: { tenant: { none: 'a test' } } },
  migrations: [{
    name: '0001_notes', down: 'drop table notes',
    async up(knex) {
      await knex.raw('create table notes (id uuid)');
      await new Promise((resolve) => setTimeout(resolve, ${SECONDS_OF_MIGRATION * 1_000}));
    },
  }],
});`;
const contract = `{ name: '0003_line', up: 'alter table entries drop column line; update entries set weight = 2', down: '' }`;

let server: Awaited<ReturnType<typeof serverForTests>>;
const given = process.env['ILEARN_TEST_POSTGRES'];
const before = new PortalFolder().pack('ledger', ledger('1.0.0')).compose('ledger');
const after = new PortalFolder()
  .pack('ledger', ledger('1.1.0', { migrations: [expand], columns: ', weight: 3' }))
  .pack('slow', slow)
  .compose('slow', 'ledger');
beforeAll(async () => {
  server = await serverForTests();
  process.env['ILEARN_TEST_POSTGRES'] = server.url;
  await before.useServer();
  after.environment = { ...before.environment };
});
afterAll(async () => {
  await after.remove();
  await before.remove();
  process.env['ILEARN_TEST_POSTGRES'] = given ?? '';
  await server?.stop();
});

const addressOf = async (run: { out: string; err: string }): Promise<string> => {
  await vi.waitFor(() => expect(run.out, run.err).toMatch(/is ready at http\S+/), { timeout: 60_000, interval: 50 });
  return /is ready at (http\S+)/.exec(run.out)?.[1] as string;
};
/** On a connection of its own: one that is kept may be closed just when the next request is sent. */
const post = (url: string): Promise<{ status: number; body: string }> =>
  new Promise((resolve, reject) => {
    const sent = request(url, { method: 'POST', agent: false }, (answer) => {
      let body = '';
      answer.on('data', (bytes) => {
        body += bytes;
      });
      answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }));
      answer.on('error', reject);
    });
    sent.on('error', reject);
    sent.end();
  });
const rows = async (text: string) => (await before.database?.pool.query(text))?.rows ?? [];

describe('a new version beside the one before', () => {
  test('is checked first: what it migrates, and that both can serve', async () => {
    expect(await before.run('migrate')).toMatchObject({ code: 0, err: '' });
    const { code, out, err } = await after.run('upgrade', '--check');
    expect(err).toBe('');
    expect(out).toContain('ledger 1.0.0 → 1.1.0\n  migrations  0002_weight\n');
    expect(out).toContain('slow new, 1.0.0\n  migrations  0001_notes\n');
    expect([code, out]).toEqual([0, expect.stringContaining('The upgrade can begin: ilearn migrate')]);
    expect(await rows("select from kernel.migrations where plugin = 'ledger'")).toHaveLength(1);
  });

  test('migrates and takes over under load: no request fails, no message is lost or handled twice', async () => {
    const old = before.begin('start');
    const addresses = [await addressOf(old)];
    const answered = new Map<string, string>();
    const failed: string[] = [];
    let going = true;
    /** Sends one entry after another, as behind a proxy: a process that refuses the connection is not asked again. */
    const client = async (): Promise<void> => {
      for (let turn = 0; going; turn += 1) {
        const id = randomUUID();
        const order = addresses.map((_, index) => addresses[(index + turn) % addresses.length] as string);
        for (const [index, address] of order.entries()) {
          try {
            const { status, body } = await post(`${address}/api/ledger/entries/${id}`);
            if (status === 200) answered.set(id, JSON.parse(body).version);
            else failed.push(`${status} ${body}`);
            break;
          } catch (error) {
            const { code } = error as NodeJS.ErrnoException;
            if (code !== 'ECONNREFUSED' || index === order.length - 1) failed.push(String(code ?? error));
            if (code !== 'ECONNREFUSED') break;
          }
        }
        await sleep(20);
      }
    };
    const clients = Array.from({ length: 4 }, client);
    const next = after.begin('start');
    await sleep(1_000);
    const during = answered.size;
    addresses.push(await addressOf(next));
    const migrated = answered.size;
    await sleep(1_500);
    old.child.kill('SIGTERM');
    await vi.waitFor(() => expect(old.code).toBe(0), { timeout: 30_000 });
    await sleep(1_000);
    going = false;
    await Promise.all(clients);
    await vi.waitFor(async () => expect(await rows('select from kernel.messages')).toEqual([]), { timeout: 30_000 });
    next.child.kill('SIGTERM');
    await vi.waitFor(() => expect(next.code).toBe(0), { timeout: 30_000 });

    expect(failed.slice(0, 3)).toEqual([]);
    // Requests went on during the migration, and both versions answered.
    expect(migrated - during).toBeGreaterThan(SECONDS_OF_MIGRATION * 10);
    expect(new Set(answered.values())).toEqual(new Set(['1.0.0', '1.1.0']));
    const sorted = [...answered.keys()].sort();
    for (const table of ['entries', 'counted', 'stamps'])
      expect((await rows(`select id from ledger.${table} order by id`)).map(({ id }) => id)).toEqual(sorted);
    const by = await rows('select distinct by from ledger.stamps order by 1');
    expect(by.map((row) => row.by)).toEqual(['1.0.0', '1.1.0']);
  });

  test('is refused if the version before could not go on, or waiting work would fail; nothing is changed', async () => {
    await before.database?.pool.query(
      `insert into kernel.messages (plugin, kind, name, payload, tenants) values ('ledger', 'job', 'stamp', '{"id": "x"}', '[]');
       insert into kernel.settings (plugin, tenant, fields) values ('ledger', '', '{"colour": "blue"}')`,
    );
    after.pack('ledger', ledger('2.0.0', { migrations: [expand, contract], job: 'seal' }));
    const { code, out } = await after.run('upgrade', '--check');
    for (const line of [
      'ledger 1.1.0 → 2.0.0\n  migrations  0003_line',
      '✗ Migration 0003_line, line 1: entries loses the column line, but the version before still uses it.',
      '! Migration 0003_line, line 1: entries has rows changed',
      '· The setting colour no longer exists; it is set for the portal.',
      '✗ 1 message waits for the job handler stamp, which the new version does not have.',
      'The version before cannot work beside this one (✗).',
    ])
      expect(out).toContain(line);
    expect(code).toBe(2);
    expect((await after.run('upgrade', '--check', '--stopped')).code).toBe(2);
    await before.database?.pool.query('delete from kernel.messages');
    const stopped = await after.run('upgrade', '--check', '--stopped');
    expect([stopped.code, stopped.out]).toEqual([0, expect.stringContaining('The upgrade can begin')]);
    expect((await after.run('upgrade')).err).toContain('Usage: ilearn upgrade --check');
    expect(await rows("select name from kernel.migrations where plugin = 'ledger' order by 1")).toHaveLength(2);
    expect(await rows('select line from ledger.entries limit 1')).toHaveLength(1);
  });
});
