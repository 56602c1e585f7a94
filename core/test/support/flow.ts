import { randomUUID } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg from 'pg';
import { freePort } from '../../scripts/system.mjs';
import { PortalFolder } from './command.js';
import { until } from './redis.js';

/** The token of the machine that sends items. */
const TOKEN = 'a-machine-that-sends-items';

/**
 * Two plugins that accept items: each item makes an event, a job, and a job that calls another service, whose effects are rows that are
 * counted afterwards. Handlers and calls take a moment, so that kills find them at work. A machine's items get their ids here, so that
 * only its Idempotency-Key tells a repeated call from a new one.
 */
const head = `
import { definePlugin, nothing, reply } from '@ilearn/core';
import { z } from 'zod';
const none = { tenant: { none: 'a test' } };
const item = z.object({ id: z.uuid() });
const migration = (up) => ({ name: '0001', up, down: '' });
const effect = async ({ payload, services: { knex } }) => {
  await knex('effects').insert({ item: payload.id });
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
};
`;
const intake = `${head}
const accept = async (body, { events, jobs }) => {
  await events.publish('accepted', body);
  await jobs.enqueue('work', body);
  await jobs.enqueue('send', body);
};
export default definePlugin({
  id: 'intake', version: '1.0.0', privileges: ['machines'],
  permissions: { 'item:write': ['sender'] },
  scopes: { 'items:write': 'scopes.items' },
  identifyMachine: ({ token }) =>
    token === '${TOKEN}' ? { client: '11111111-1111-4111-8111-111111111111', scopes: ['intake.items:write'], tenants: '*', budget: 1_000_000 } : null,
  tables: { items: none, effects: none, sent: none },
  migrations: [migration('create table items (id uuid primary key default gen_random_uuid()); create table effects (item uuid); create table sent (item uuid)')],
  events: { accepted: item },
  jobs: {
    work: { payload: item, backoff: 1, handler: effect },
    send: {
      payload: item, backoff: 1,
      outside: {
        seconds: 5, atOnce: 8,
        call: async ({ payload, message: { id, signal } }) =>
          (await fetch(process.env.FLOW_SERVICE + '/' + payload.id + '/' + id, { signal })).status,
      },
      handler: async ({ payload, result, services: { knex } }) => {
        await knex('sent').insert({ item: payload.id });
        await new Promise((resolve) => setTimeout(resolve, Math.random() * 120));
        if (result !== 200) throw new Error('not sent');
      },
    },
  },
  routes: [{
    method: 'POST', path: '/items', summary: 'Accepts an item, once', permission: 'public',
    body: item, responses: { 204: nothing('Accepted') },
    handler: async ({ body, services: { knex, events, jobs } }) => {
      const rows = await knex('items').insert(body).onConflict().ignore().returning('id');
      if (rows.length === 0) return;
      await accept(body, { events, jobs });
    },
  }, {
    method: 'POST', path: '/machine-items', summary: 'Accepts an item at each call', permission: 'item:write',
    machines: { scope: 'items:write' },
    responses: { 201: item },
    handler: async ({ services: { knex, events, jobs } }) => {
      const [row] = await knex('items').insert({}).returning('id');
      await accept(row, { events, jobs });
      return reply(201, row);
    },
  }],
});
`;
const ledger = `${head}
export default definePlugin({
  id: 'ledger', version: '1.0.0', requires: { intake: '^1.0.0' },
  tables: { effects: none },
  migrations: [migration('create table effects (item uuid)')],
  on: { 'intake.accepted': effect },
});
`;

type Role = 'web' | 'worker';

/** A portal of two webs and two workers, each a process that may be killed and comes back at the same port. */
export class Flow {
  readonly accepted: string[] = [];
  readonly pool: pg.Pool;
  readonly #folder: PortalFolder;
  readonly #processes: { role: Role; port: number; run: ReturnType<PortalFolder['begin']> }[] = [];
  readonly #senders: Promise<void>[] = [];
  /** The ids of messages under which the other service was called for each item. */
  readonly called = new Map<string, Set<string>>();
  readonly #service: Server;
  #sending = true;
  refused = 0;

  constructor(databaseUrl: string, redisUrl: string) {
    this.pool = new pg.Pool({ connectionString: databaseUrl, max: 3 });
    this.#service = createServer(({ url = '' }, response) => {
      const [, item = '', message = ''] = url.split('/');
      this.called.set(item, (this.called.get(item) ?? new Set()).add(message));
      setTimeout(() => response.end(), Math.random() * 120);
    });
    this.#folder = new PortalFolder()
      .pack('flow-intake', intake)
      .pack('flow-ledger', ledger)
      .compose('flow-intake', 'flow-ledger');
    Object.assign(this.#folder.environment, {
      DATABASE_URL: databaseUrl,
      DATABASE_CONNECTIONS: '8',
      REDIS_URL: redisUrl,
      HOST: '127.0.0.1',
    });
  }

  async start(): Promise<void> {
    await new Promise<void>((resolve) => this.#service.listen(0, '127.0.0.1', resolve));
    this.#folder.environment['FLOW_SERVICE'] = `http://127.0.0.1:${(this.#service.address() as AddressInfo).port}`;
    for (const role of ['web', 'web', 'worker', 'worker'] as const) {
      const port = await freePort();
      this.#processes.push({ role, port, run: this.#begin(role, port) });
    }
    await this.ready();
  }

  /** Waits until every process serves or works. */
  async ready(): Promise<void> {
    await Promise.all(this.#processes.map(({ run }) => run.printed(/ready/)));
  }

  /** Ends a process as the power does, and starts it again; 0 and 1 are the webs. */
  async kill(index: number): Promise<void> {
    const each = this.#processes[index];
    if (each === undefined) return;
    each.run.child.kill('SIGKILL');
    await each.run.ended;
    each.run = this.#begin(each.role, each.port);
  }

  /**
   * Sends items from now on, every second sender as a machine: at a failure the same one again, at the other web, until it is accepted.
   */
  send(senders: number, pauseMs: number): void {
    for (let each = 0; each < senders; each++) this.#senders.push(this.#sendOn(each, pauseMs));
  }

  async stopSending(): Promise<void> {
    this.#sending = false;
    await Promise.all(this.#senders);
  }

  get webs(): string[] {
    return this.#processes.filter(({ role }) => role === 'web').map(({ port }) => `http://127.0.0.1:${port}`);
  }

  /** Waits until nothing is left to do. */
  settled(seconds: number): Promise<void> {
    return until(
      'every message was handled',
      async () => {
        const { rows } = await this.pool.query('select count(*)::int as open from kernel.messages');
        return rows[0].open === 0;
      },
      seconds,
    );
  }

  /** Accepted items whose effects are not each there exactly once; and those that nobody accepted and are there all the same. */
  async wrong(): Promise<{ id: string }[]> {
    const { rows } = await this.pool.query(
      `select id, (select count(*)::int from intake.effects where item = id) as jobs,
         (select count(*)::int from ledger.effects where item = id) as events,
         (select count(*)::int from intake.sent where item = id) as sent
       from (select unnest($1::uuid[]) union select item from intake.effects union select item from ledger.effects
         union select item from intake.sent) every (id)`,
      [this.accepted],
    );
    // The other service was called under one id, however often.
    const wrong = ({ id, jobs, events, sent }: { id: string; jobs: number; events: number; sent: number }) =>
      jobs !== 1 || events !== 1 || sent !== 1 || this.called.get(id)?.size !== 1 || !this.accepted.includes(id);
    return rows.filter(wrong);
  }

  /** What they said who ended though nobody killed them. */
  get dead(): string[] {
    return this.#processes.flatMap(({ role, run }) => (run.code === null ? [] : [`${role}: ${run.err}`]));
  }

  /** What the processes that still run said, for a failure's message. */
  get errors(): string {
    return this.#processes.map(({ role, run }) => `${role}: ${run.err.slice(-1500)}`).join('\n');
  }

  async stop(): Promise<void> {
    for (const { run } of this.#processes) run.child.kill('SIGKILL');
    await Promise.all(this.#processes.map(({ run }) => run.ended));
    this.#service.closeAllConnections();
    this.#service.close();
    await this.pool.end();
    await this.#folder.remove();
  }

  #begin(role: Role, port: number) {
    this.#folder.environment['PORT'] = `${port}`;
    return this.#folder.begin('start', '--only', role);
  }

  async #sendOn(first: number, pauseMs: number): Promise<void> {
    const send = first % 2 === 0 ? this.#sendAsPerson : this.#sendAsMachine;
    while (this.#sending) {
      this.accepted.push(await send.call(this, first));
      await new Promise((resolve) => setTimeout(resolve, Math.random() * 2 * pauseMs));
    }
  }

  async #sendAsPerson(first: number): Promise<string> {
    const id = randomUUID();
    await this.#untilAccepted(first, '/api/intake/items', 204, { 'content-type': 'application/json' }, JSON.stringify({ id }));
    return id;
  }

  async #sendAsMachine(first: number): Promise<string> {
    const headers = { authorization: `Bearer ${TOKEN}`, 'idempotency-key': randomUUID() };
    const response = await this.#untilAccepted(first, '/api/intake/machine-items', 201, headers);
    return ((await response.json()) as { id: string }).id;
  }

  async #untilAccepted(
    first: number,
    path: string,
    status: number,
    headers: Record<string, string>,
    body?: string,
  ): Promise<Response> {
    for (let attempt = first; ; attempt++) {
      const signal = AbortSignal.timeout(5_000);
      const response = await fetch(`${this.webs[attempt % 2]}${path}`, {
        method: 'POST',
        headers,
        signal,
        ...(body === undefined ? {} : { body }),
      }).catch(() => null);
      // A reply that breaks off was not received.
      const whole = await response
        ?.clone()
        .arrayBuffer()
        .catch(() => null);
      if (response?.status === status && whole) return response;
      this.refused++;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
