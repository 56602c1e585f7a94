import { createDatabase } from '@ilearn/core/testing';
import fc from 'fast-check';
import pg from 'pg';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { deleteDeadSessions } from '../dist/access/sessions.js';
import { maintainPartitions } from '../dist/audit/partitions.js';
import { ClockWatch } from '../dist/clock/clock-watch.js';
import { PortalClock } from '../dist/clock/portal-clock.js';
import { type DatabaseHome, openHome } from '../dist/database/homes/home.js';
import { createLog } from '../dist/foundation/log.js';
import { endExpired } from '../dist/privacy/erasure/retention.js';
import { PortalFolder } from './support/command.js';
import { serverForTests } from './support/database.js';
import { diary } from './support/diary.js';
import { portalOn, type TestHome } from './support/portal.js';
import { DAY_MS, shiftDate, shiftedClocks } from './support/shifted.js';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let server: Awaited<ReturnType<typeof serverForTests>>;
beforeAll(async () => {
  server = await serverForTests();
});
afterAll(() => server?.stop());
afterEach(() => shiftDate(0));

/** Answers are noted in the audit log; signs its visitor in, since a session is the kernel's. */
const visits = `
import { definePlugin, nothing } from '@ilearn/core';
import { z } from 'zod';
const person = '7f3a1c52-9f6e-4c39-8f0b-0d1f6a1f2b11';
export default definePlugin({
  id: 'visits', version: '1.0.0', privileges: ['sessions'],
  tables: { visits: { tenant: { none: 'a test' }, people: { person_id: 'subject' }, keep: { for: 'P1Y', since: 'at' }, erase: 'delete', purpose: 'safe-environment', use: 'a test' } },
  migrations: [{ name: '0001', up: 'create table visits (person_id uuid not null, at timestamptz not null default now()); create index on visits (person_id)', down: '' }],
  routes: [{
    method: 'POST', path: '/visits', summary: 'Notes a visit', permission: 'public',
    responses: { 200: z.object({ now: z.string() }) },
    handler: async ({ services: { knex, sessions, clock } }) => {
      await knex('visits').insert({ person_id: person });
      await sessions.start({ id: person, displayName: 'Noor' });
      return { now: clock.now().toISOString() };
    },
  }],
});`;

const token = 'a token for monitors';

/** Two processes of one portal; the second has a clock of its own. */
class Pair {
  readonly folder = new PortalFolder().pack('visits', visits).compose('visits');
  readonly pool: pg.Pool;
  private constructor(private readonly database: { url: string; drop(): Promise<void> }) {
    this.pool = new pg.Pool({ connectionString: database.url, max: 2 });
    Object.assign(this.folder.environment, { DATABASE_URL: database.url, HOST: '127.0.0.1', METRICS_TOKEN: token });
  }
  static async open(): Promise<Pair> {
    return new Pair(await createDatabase(server.url));
  }
  async start(role: 'web' | 'worker', environment: Record<string, string> = {}) {
    const before = this.folder.environment;
    this.folder.environment = { ...before, ...environment };
    const run = this.folder.begin('start', '--only', role);
    this.folder.environment = before;
    return { run, url: await run.printed(role === 'web' ? /ready at (http:\S+)/ : /metrics are at (http:\S+)/) };
  }
  entries = async (): Promise<number> => (await this.pool.query('select count(*)::int as n from kernel.audit_entries')).rows[0].n;
  async close(...runs: { run: ReturnType<PortalFolder['begin']> }[]): Promise<void> {
    for (const { run } of runs) run.child.kill('SIGTERM');
    for (const { run } of runs) await run.ended;
    await this.pool.end();
    await this.database.drop();
    await this.folder.remove();
  }
}
const visit = (url: string) => fetch(`${url}/api/visits/visits`, { method: 'POST' });

describe.each(shiftedClocks(400))('operator 3: a worker 400 days ahead (%s)', (_, environment) => {
  test('deletes no audit entry, does not disturb requests of others, and reports the problem', async () => {
    const pair = await Pair.open();
    const web = await pair.start('web');
    for (let n = 0; n < 5; n++) expect((await visit(web.url)).status).toBe(200);
    const worker = await pair.start('worker', environment);
    expect(await pair.entries()).toBe(5);
    for (let n = 0; n < 5; n++) expect((await visit(web.url)).status).toBe(200);
    expect(await pair.entries()).toBe(10);
    expect(worker.run.err).toMatch(/"offsetSeconds":345\d{5},.*The clock of this process is 400 days ahead of the database's/);
    expect(worker.run.err).toContain('time server (NTP)');
    const ready = await (await fetch(`${worker.url}/health/ready`, { headers: { authorization: `Bearer ${token}` } })).json();
    expect(ready.clock.state).toBe('wrong');
    expect(web.run.err).not.toContain('clock');
    await pair.close(web, worker);
  });
});

describe.each(
  [-2, 2].flatMap((days) => shiftedClocks(days).map(([way, env]) => [days, way, env] as const)),
)('operator 15: a web %s days off (%s)', (_days, _way, environment) => {
  test('signs people in for the normal time, and gives plugins the database’s time', async () => {
    const pair = await Pair.open();
    const web = await pair.start('web', environment);
    const answer = await visit(web.url);
    expect(answer.status).toBe(200);
    const [cookie = ''] = answer.headers.getSetCookie();
    expect(cookie).toMatch(/; Max-Age=43200$/);
    const { session } = await (
      await fetch(`${web.url}/api/kernel/session`, { headers: { cookie: cookie.split(';')[0] as string } })
    ).json();
    expect(session.displayName).toBe('Noor');
    const { rows } = await pair.pool.query(
      `select abs(extract(epoch from now() - $1::timestamptz)) as off, (select extract(epoch from expires_at - now()) from kernel.sessions) as left`,
      [(await answer.json()).now],
    );
    expect(Number(rows[0].off)).toBeLessThan(60);
    expect(Number(rows[0].left)).toBeGreaterThan(43_000);
    await pair.close(web);
  });
});

describe('the portal’s clock', () => {
  let home: DatabaseHome;
  let drop: () => Promise<void>;
  beforeAll(async () => {
    const database = await createDatabase(server.url);
    drop = database.drop;
    home = await openHome({ url: database.url, connections: 3 });
  });
  afterAll(async () => {
    await home.close();
    await drop();
  });

  test('is the database’s, and stays correct when the process’s clock jumps', async () => {
    const real = Date.now();
    shiftDate(-5 * DAY_MS);
    const clock = new PortalClock(home);
    await clock.measure();
    expect(Math.abs(clock.now().getTime() - real)).toBeLessThan(30_000);
    expect(Math.round(clock.offsetMs() / DAY_MS)).toBe(-5);
    await fc.assert(
      fc.property(fc.integer({ min: -4000, max: 4000 }), (days) => {
        shiftDate(days * DAY_MS);
        expect(Math.abs(clock.now().getTime() - real)).toBeLessThan(60_000);
        // Without the sign of a zero.
        expect(Math.round(clock.offsetMs() / DAY_MS) + 0).toBe(days);
        shiftDate(0);
      }),
    );
  });

  test('is reported when it jumps while the process runs, and when it is correct again', async () => {
    await portalOn(home as TestHome, [diary]).migrate();
    const clock = new PortalClock(home);
    const lines: string[] = [];
    const log = createLog('info', { write: (line) => void lines.push(line) });
    const watch = new ClockWatch(home, clock, log, async () => {});
    await watch.look();
    expect([watch.state().state, lines]).toEqual(['right', []]);
    shiftDate(10_000);
    await watch.look();
    expect([watch.state().state, await watch.whyKeepEverything()]).toEqual(['off', null]);
    expect(lines.join('')).toContain("The clock of this process is 10 s ahead of the database's");
    shiftDate(-60_000);
    await watch.look();
    expect([watch.state().state, await watch.whyKeepEverything()]).toEqual(['wrong', expect.stringContaining('60 s behind')]);
    shiftDate(0);
    await watch.look();
    expect([watch.state().state, await watch.whyKeepEverything()]).toEqual(['right', null]);
    expect(lines.at(-1)).toContain('again');
    expect(lines).toHaveLength(3);
  });
});

describe('expired data', () => {
  let home: DatabaseHome;
  let drop: () => Promise<void>;
  const log: string[] = [];
  let portal: ReturnType<typeof portalOn>;
  beforeAll(async () => {
    const database = await createDatabase(server.url);
    drop = database.drop;
    home = await openHome({ url: database.url, connections: 3 });
    portal = portalOn(home as TestHome, [diary], { log });
    await portal.prepare();
  });
  afterAll(async () => {
    await portal.stop();
    await home.close();
    await drop();
  });
  const query = async (sql: string, values: unknown[] = []) => (await home.pool.query(sql, values)).rows;
  const one = '7f3a1c52-9f6e-4c39-8f0b-0d1f6a1f2b11';
  const months = [-14, -13, -12, -11];

  /** Rows on either side of each limit. */
  async function fill(): Promise<void> {
    for (const n of months) {
      await query(`do $$ declare s timestamptz := date_trunc('month', now() at time zone 'UTC') at time zone 'UTC' + interval '${n} months'; begin
        execute format('create table if not exists kernel.%I partition of kernel.audit_entries for values from (%L) to (%L)',
          to_char(s at time zone 'UTC', '"audit_entries_"YYYY_MM'), s, s + interval '1 month'); end $$`);
    }
    await query('delete from diary.pages; ');
    await query(
      `insert into diary.pages (school_id, pupil_id, text, updated_at) select gen_random_uuid(), $1, n::text, now() - make_interval(days => n)
       from unnest(array[1, 300, 364, 367, 400, 800]) as n`,
      [one],
    );
    await query('delete from kernel.sessions');
    await query(
      `insert into kernel.sessions (id_hash, person_id, display_name, seen_at, expires_at)
       select sha256(n::text::bytea), $1::uuid, n::text, now() - make_interval(mins => n), now() + interval '1 hour' from unnest(array[1, 119, 122, 900]) as n
       union all select sha256('x'), $1::uuid, 'over', now(), now() - interval '1 minute'`,
      [one],
    );
  }
  const left = async () => ({
    months: (
      await query(
        `select c.relname::text as name from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'kernel.audit_entries'::regclass order by 1`,
      )
    ).map(({ name }) => name),
    pages: (await query('select text from diary.pages order by text::int')).map(({ text }) => text),
    sessions: (await query('select display_name as name from kernel.sessions order by 1')).map(({ name }) => name),
  });
  const keepHouse = async () => {
    await maintainPartitions(home.pool, 12);
    await portal.runner.run({}, ({ unit }) => deleteDeadSessions(unit));
    const plugins = await portal.runner.run({}, ({ unit }) => portal.privacy.plugins(unit));
    await endExpired(portal.runner, plugins, createLog('silent'));
  };

  test('are the same rows whatever the clock of the process that cleans up', async () => {
    await fill();
    await keepHouse();
    const right = await left();
    expect(right.pages).toEqual(['1', '300', '364']);
    expect(right.sessions).toEqual(['1', '119']);
    expect(right.months).toHaveLength(1 + 1 + 1 + 2);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -5 * 366 * DAY_MS, max: 5 * 366 * DAY_MS }), async (offset) => {
        await fill();
        shiftDate(offset);
        await keepHouse().finally(() => shiftDate(0));
        expect(await left()).toEqual(right);
      }),
      { numRuns: 12, examples: [[400 * DAY_MS], [-2 * DAY_MS], [31 * DAY_MS]] },
    );
  });

  test('are kept by a portal whose two clocks disagree, because one of them is wrong', async () => {
    await fill();
    const before = await left();
    shiftDate(400 * DAY_MS);
    await portal.privacy.maintainPartitions();
    await expect(portal.privacy.endExpired()).rejects.toThrow(/Nothing was deleted. The clock of this process is 400 days ahead/);
    shiftDate(0);
    expect((await left()).months).toEqual(expect.arrayContaining(before.months));
    expect((await left()).pages).toEqual(before.pages);
    await portal.privacy.maintainPartitions();
    expect((await left()).months).toHaveLength(5);
  });

  test('are kept for three days after the database’s clock jumped, as that of a machine without a battery does', async () => {
    await fill();
    const { pages } = await left();
    await query(`update kernel.clock set seen_at = now() - interval '400 days'`);
    const clock = new PortalClock(home);
    const lines: string[] = [];
    const watch = new ClockWatch(home, clock, createLog('info', { write: (line) => void lines.push(line) }), async () => {});
    await watch.look();
    expect(lines.join('')).toContain(
      '400 days ahead of when the portal last ran: nothing is deleted because of its age for 3 days',
    );
    await watch.look();
    expect(lines).toHaveLength(1);
    expect(await watch.whyKeepEverything()).toContain('jumped ahead within the last 3 days');
    await expect(portal.privacy.endExpired()).rejects.toThrow('Nothing was deleted');
    expect((await left()).pages).toEqual(pages);
    await query(`update kernel.clock set doubted_since = now() - interval '73 hours'`);
    expect(await watch.whyKeepEverything()).toBeNull();
    await portal.privacy.endExpired();
    expect((await left()).pages).toEqual(['1', '300', '364']);
  });

  test('rows written while the database’s clock was ahead do not wait or live correspondingly longer', async () => {
    await query('delete from kernel.sessions');
    await query(
      `insert into kernel.sessions (id_hash, person_id, display_name, created_at, seen_at, expires_at) values
         (sha256('a'), $1, 'made then', now() + interval '400 days', now() + interval '400 days', now() + interval '401 days'),
         (sha256('b'), $1, 'seen then', now() - interval '1 hour', now() + interval '400 days', now() + interval '1 hour')`,
      [one],
    );
    await query(
      `insert into kernel.messages (plugin, kind, name, payload, tenants, created_at, due_at, attempts) values
         ('none', 'job', 'delayed', '{}', '"*"', now() + interval '400 days', now() + interval '400 days 1 hour', 0),
         ('none', 'job', 'retried', '{}', '"*"', now(), now() + interval '400 days', 2)`,
    );
    await query(`insert into kernel.schedules (plugin, job, cron, next_at) values ('none', 'x', '* * * * *', now())`);
    await query(
      `insert into kernel.processes (id, name, plugins, looked_at, seen_at) values (gen_random_uuid(), 'gone', '{}', now(), now() + interval '399 days')`,
    );
    await query(`update kernel.clock set seen_at = now() + interval '400 days', doubted_since = now() + interval '399 days'`);
    let asked = 0;
    const watch = new ClockWatch(home, new PortalClock(home), createLog('silent'), async () => void asked++);
    await watch.look();
    expect([asked, await watch.whyKeepEverything()]).toEqual([1, null]);
    expect(await query(`select display_name as name, seen_at <= now() as seen from kernel.sessions`)).toEqual([
      { name: 'seen then', seen: true },
    ]);
    expect(
      await query(`select name, due_at < now() + interval '61 minutes' as soon, due_at > now() + interval '50 minutes' as delayed
                   from kernel.messages where plugin = 'none' order by name`),
    ).toEqual([
      { name: 'delayed', soon: true, delayed: true },
      { name: 'retried', soon: true, delayed: false },
    ]);
    expect(await query(`select from kernel.processes where name = 'gone'`)).toEqual([]);
  });
});
