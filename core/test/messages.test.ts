import { randomUUID } from 'node:crypto';
import { handlerFor, jobFor } from '@ilearn/core';
import { createTestPlatform, openTestHome, type TestPlatform } from '@ilearn/core/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { z } from 'zod';
import { createLog } from '../dist/foundation/log.js';
import { deliverWith } from '../dist/messages/delivery.js';
import { HandlerMetrics } from '../dist/messages/handler-metrics.js';
import { OutsideJobs } from '../dist/messages/outside-jobs.js';
import { RunningMessages } from '../dist/messages/running-messages.js';
import { Schedules } from '../dist/messages/schedules.js';
import { none, north, plugin, south, sql, within } from './support/fixtures.js';
import { column, portalOn, type TestHome } from './support/portal.js';

const job = jobFor<any>();
const added = z.object({ text: z.string(), at: z.coerce.date().optional() });
const tries: number[] = [];
let gate = Promise.resolve();
let entered = () => {};
let told = () => {};

const source = plugin('source', { events: { added, silent: z.object({}) } });
const sink = plugin('sink', {
  requires: { source: '^1.0.0' },
  tables: { received: { tenant: 'school_id' }, effects: none },
  migrations: [sql('0001', 'create table received (school_id uuid, text text); create table effects (text text unique)')],
  on: {
    'source.added': handlerFor<any>()(added, async ({ payload, services: { knex, principal, log }, message }) => {
      log.info({ at: payload.at instanceof Date, attempt: message.attempt }, 'received');
      await knex('effects').insert({ text: payload.text });
      await knex('received').where({ school_id: south }).update({ text: 'reached' });
      await knex('received').insert({ school_id: principal.tenants === '*' ? null : principal.tenants[0], text: payload.text });
    }),
  },
  jobs: {
    add: job({
      payload: z.object({ text: z.string().transform((text) => text.length) }),
      handler: ({ payload, services: { knex } }) => knex('effects').insert({ text: `${payload.text} long` }),
    }),
    flaky: job({
      payload: z.object({ succeedAt: z.int() }),
      backoff: 0,
      handler: async ({ payload, services: { knex }, message: { attempt } }) => {
        tries.push(attempt);
        await knex('effects').insert({ text: `attempt ${attempt}` });
        if (attempt < payload.succeedAt) throw new Error('not yet');
      },
    }),
    hopeless: job({
      payload: z.object({ text: z.string() }),
      retries: 1,
      backoff: 0,
      handler: async ({ payload, services: { knex } }) => {
        await knex('effects').insert({ text: payload.text });
        await knex('effects').insert({ text: payload.text });
      },
    }),
    slow: job({
      payload: z.object({}),
      handler: async ({ services: { knex }, message: { signal } }) => {
        signal.addEventListener('abort', () => told());
        entered();
        await gate;
        await knex('effects').insert({ text: signal.aborted ? 'finished while stopping' : 'finished' });
      },
    }),
    nightly: job({
      payload: z.object({ days: z.int().default(7) }),
      schedule: '0 3 * * *',
      handler: ({ payload, services: { knex } }) => knex('effects').insert({ text: `${payload.days} days` }),
    }),
  },
});

let portal: TestPlatform;
beforeAll(async () => {
  portal = await createTestPlatform({ plugins: [sink, source] });
});
afterAll(() => portal?.stop());
beforeEach(async () => {
  await portal.work('sink', async ({ knex }) => {
    await knex('effects').delete();
    await knex('received').delete();
  });
});

const effects = (): Promise<string[]> => portal.work('sink', ({ knex }) => knex('effects').pluck('text').orderBy('text'));
const waiting = async () =>
  (
    await portal.platform.runner.run({}, ({ unit }) =>
      unit.kernel<any>('select id, failed_at is not null as failed, failure from kernel.messages'),
    )
  ).rows;

describe('an event', () => {
  test('reaches its subscribers after the commit, not before', async () => {
    await portal.work('source', async ({ events }) => {
      await events.publish('added', { text: 'een', at: new Date() });
      await events.publish('silent', {});
    });
    await portal.drain();
    expect(await effects()).toEqual(['een']);
    expect(await waiting()).toEqual([]);
    // Payloads are JSON on their way, and what the schema makes of them when they arrive.
    expect(portal.log.find((line) => line.includes('"received"'))).toContain('"at":true');
  });

  test('of a unit that was rolled back is never published', async () => {
    const failing = portal.work('source', async ({ events }) => {
      await events.publish('added', { text: 'nooit' });
      throw new Error('undone');
    });
    await expect(failing).rejects.toThrow('undone');
    await portal.work('source', async ({ events, unitOfWork }) => {
      await unitOfWork
        .savepoint(async () => {
          await events.publish('added', { text: 'ook niet' });
          throw new Error('undone');
        })
        .catch(() => {});
    });
    await portal.drain();
    expect(await effects()).toEqual([]);
  });

  test('must fit its schema, and be declared', async () => {
    const publish = (name: string, payload: unknown) => portal.work('source', ({ events }) => events.publish(name, payload));
    await expect(publish('added', { text: 3 })).rejects.toThrow(
      'the payload of the event source.added does not fit its schema: text: ',
    );
    await expect(publish('added', undefined)).rejects.toThrow('does not fit its schema');
    await expect(publish('removed', {})).rejects.toThrow('source declares no event "removed"; add it to events in its manifest.');
    expect(await waiting()).toEqual([]);
  });

  test('is handled on behalf of the tenants in which it happened', async () => {
    await portal.work('sink', ({ knex }) => knex('received').insert({ school_id: south, text: 'zuid' }));
    await within(portal, 'source', [north], ({ events }) => events.publish('added', { text: 'noord' }));
    await portal.drain();
    const received = await portal.work('sink', ({ knex }) => knex('received').select().orderBy('text'));
    expect(received).toEqual([
      { school_id: north, text: 'noord' },
      { school_id: south, text: 'zuid' },
    ]);
  });
});

describe('messages published in one turn', () => {
  test('are stored by one statement, in order, each with the id that its call returned', async () => {
    const texts = Array.from({ length: 50 }, (_, index) => 'x'.repeat(index + 1));
    const { sent, ids } = await portal.platform.runner.run({}, async (frame) => {
      const { jobs } = portal.platform.runner.cradleOf('sink', frame) as any;
      const sent: string[] = [];
      const { unit } = frame;
      const kernel = unit.kernel.bind(unit);
      unit.kernel = (text: string, values?: unknown[]) => {
        sent.push(text);
        return kernel(text, values);
      };
      const ids = await Promise.all(texts.map((text) => jobs.enqueue('add', { text }, { delaySeconds: 3600 })));
      return { sent, ids };
    });
    expect(sent).toHaveLength(1);
    const rows = await portal.platform.runner.run({}, async ({ unit }) => {
      const found = await unit.kernel<any>(
        `select id, payload, due_at > now() + interval '59 minutes' as later from kernel.messages order by position`,
      );
      await unit.kernel('delete from kernel.messages');
      return found.rows;
    });
    expect(rows).toEqual(texts.map((text, index) => ({ id: ids[index], payload: { text }, later: true })));
  });

  test('fail individually if they cannot be stored, and the others are stored', async () => {
    const outcomes = await portal.work('sink', ({ jobs }) =>
      Promise.allSettled([
        jobs.enqueue('add', { text: 'vier' }),
        jobs.enqueue('add', { text: 'a\0b' }),
        jobs.enqueue('add', { text: '\ud800' }),
        jobs.enqueue('add', { text: 7 }),
        jobs.enqueue('add', { text: 'a' }, { delaySeconds: Number.NaN }),
        // Neither is a backslash before a u, nor a pair.
        jobs.enqueue('add', { text: '\\u0000' }),
        jobs.enqueue('add', { text: '🚲!' }),
      ]),
    );
    const told = outcomes.map((each: any) => each.reason?.message ?? 'stored');
    expect(told).toEqual([
      'stored',
      expect.stringContaining('The payload of the job sink.add at'),
      expect.stringContaining('contains a character'),
      expect.stringContaining('does not fit its schema'),
      expect.stringContaining('delaySeconds is NaN'),
      'stored',
      'stored',
    ]);
    await portal.drain();
    expect(await effects()).toEqual(['3 long', '4 long', '6 long']);
  });

  test('are stored even if nobody awaited them, and removed with their savepoint', async () => {
    await portal.work('sink', async ({ jobs, knex }) => {
      await knex
        .transaction(async (inner: any) => {
          await Promise.all([jobs.enqueue('add', { text: 'undone' }), inner('effects').insert({ text: 'undone too' })]);
          throw new Error('only this part');
        })
        .catch(() => {});
      void jobs.enqueue('add', { text: 'kept' });
    });
    await portal.drain();
    expect(await effects()).toEqual(['4 long']);
  });
});

describe('a message takes effect once', () => {
  test('even if it is delivered twice, sequentially or concurrently', async () => {
    const { platform } = portal;
    const home = await platform.home();
    const running = new RunningMessages(home);
    const { composition, gate, runner } = platform;
    const metrics = new HandlerMetrics();
    const parts = { home, composition, gate, runner, running, metrics, tracer: null, log: createLog('silent'), kick: () => {} };
    const deliver = deliverWith({ ...parts, outside: new OutsideJobs(parts) });
    // As one that the relay has handed to the engine.
    const { rows } = await home.pool.query(
      `insert into kernel.messages (plugin, kind, name, payload, tenants, taken_at, task)
       values ('sink', 'job', 'add', '{"text": "abc"}', '"*"', now(), gen_random_uuid()) returning id as message, task as id`,
    );
    const [task] = rows;
    // A hand-over that another has replaced brings nothing.
    await deliver({ ...task, id: randomUUID() });
    expect(await effects()).toEqual([]);
    await Promise.all([deliver(task), deliver(task)]);
    await deliver(task);
    expect(await effects()).toEqual(['3 long']);
    expect(await waiting()).toEqual([]);
  });

  test('after its handler failed, with nothing stored by the failed tries', async () => {
    await portal.work('sink', ({ jobs }) => jobs.enqueue('flaky', { succeedAt: 3 }));
    await portal.drain();
    expect(tries).toEqual([1, 2, 3]);
    expect(await effects()).toEqual(['attempt 3']);
    expect(portal.log.filter((line) => line.includes('handler failed') && line.includes('not yet'))).toHaveLength(2);
  });

  test('or, after its last retry, is kept with the cause, without the values', async () => {
    const marker = 'Marieke Vandenabeele';
    await portal.work('sink', ({ jobs }) => jobs.enqueue('hopeless', { text: marker }));
    await portal.drain();
    expect(await effects()).toEqual([]);
    expect(await waiting()).toEqual([{ id: expect.any(String), failed: true, failure: '23505' }]);
    expect(portal.log.join('')).not.toContain(marker);
    expect((await portal.client().get('/metrics')).body).toMatch(/^ilearn_messages\{state="failed"\} 1$/m);
    await portal.platform.runner.run({}, ({ unit }) => unit.kernel('delete from kernel.messages'));
  });
});

describe('a job', () => {
  test('is accepted only with a payload that fits, and as parsed by the schema', async () => {
    const enqueue = (name: string, payload: unknown) => portal.work('sink', ({ jobs }) => jobs.enqueue(name, payload));
    await expect(enqueue('add', {})).rejects.toThrow('the payload of the job sink.add does not fit its schema: text: ');
    await expect(enqueue('nothing', {})).rejects.toThrow('sink declares no job "nothing"; add it to jobs in its manifest.');
    await enqueue('add', { text: 'vijf!' });
    await portal.drain();
    expect(await effects()).toEqual(['5 long']);
  });

  test('waits until it is due', async () => {
    await portal.work('sink', ({ jobs }) => jobs.enqueue('add', { text: 'later' }, { delaySeconds: 3600 }));
    await portal.drain();
    expect(await effects()).toEqual([]);
    const { rows } = await portal.platform.runner.run({}, ({ unit }) =>
      unit.kernel(`select round(extract(epoch from due_at - created_at))::int as seconds from kernel.messages`),
    );
    expect(rows).toEqual([{ seconds: 3600 }]);
    await portal.platform.runner.run({}, ({ unit }) => unit.kernel('delete from kernel.messages'));
  });
});

describe('over a restart', () => {
  let home: TestHome;
  beforeAll(async () => {
    home = await openTestHome();
  });
  afterAll(() => home?.close());
  const schedules = () => column(home, `select concat_ws(' ', plugin, job, cron, next_at > now()) from kernel.schedules`);

  test('stopping lets a running handler finish, and signals it', async () => {
    let open = () => {};
    gate = new Promise((resolve) => {
      open = resolve;
    });
    const running = new Promise<void>((resolve) => {
      entered = resolve;
    });
    const first = portalOn(home, [sink, source]);
    await first.start();
    await first.work('sink', ({ jobs }) => jobs.enqueue('slow', {}));
    await running;
    told = () => setTimeout(open, 50);
    const stopping = first.stop();
    await stopping;
    expect(await column(home, 'select text from sink.effects')).toEqual(['finished while stopping']);
    expect(await column(home, 'select id from kernel.messages')).toEqual([]);
  });

  test('a message that was accepted before a stop is handled after the start', async () => {
    const idle = portalOn(home, [sink, source]);
    await idle.migrate();
    await idle.prepare();
    await idle.work('source', ({ events }) => events.publish('added', { text: 'van gisteren' }));
    expect(await column(home, 'select name from kernel.messages')).toEqual(['source.added']);
    const next = portalOn(home, [sink, source]);
    await next.start();
    while ((await next.pendingMessages()) > 0) await new Promise((resolve) => setTimeout(resolve, 25));
    await next.stop();
    expect(await column(home, `select text from sink.effects where text like 'van%'`)).toEqual(['van gisteren']);
  });

  test('a schedule follows the manifest: created, run when due, changed, and removed', async () => {
    const first = portalOn(home, [sink, source]);
    await first.start();
    expect(await schedules()).toEqual(['sink nightly 0 3 * * * t']);
    await home.pool.query(`update kernel.schedules set next_at = now() - interval '2 days'`);
    const ran = () => column(home, `select text from sink.effects where text = '7 days'`);
    while ((await ran()).length === 0) {
      await first.pendingMessages();
      await new Promise((resolve) => setTimeout(resolve, 25));
    }
    // Two days late is one run, not two.
    expect(await schedules()).toEqual(['sink nightly 0 3 * * * t']);
    expect(await column(home, 'select id from kernel.messages')).toEqual([]);
    await first.stop();

    // By the database's clock: a process whose own is behind would else make the same moment's work again and again. The
    // embedded database has no other clock.
    if (home.kind === 'postgresql') {
      const behind = new Schedules(home, first.composition, async () => 'UTC');
      await home.pool.query(`update kernel.schedules set next_at = now() - interval '1 day'`);
      vi.useFakeTimers({ toFake: ['Date'], now: Date.now() - 3 * 86_400_000 });
      try {
        await behind.tick();
        await behind.tick();
      } finally {
        vi.useRealTimers();
      }
      expect(await schedules()).toEqual(['sink nightly 0 3 * * * t']);
      expect(await column(home, 'delete from kernel.messages returning name')).toEqual(['nightly']);
    }

    const nightly = (schedule: string | undefined) => {
      const { schedule: _, ...rest } = { ...sink.jobs }.nightly as any;
      return { ...sink, jobs: { ...sink.jobs, nightly: schedule === undefined ? rest : { ...rest, schedule } } };
    };
    for (const [cron, expected] of [
      ['30 4 * * 1', ['sink nightly 30 4 * * 1 t']],
      [undefined, []],
    ] as const) {
      const next = portalOn(home, [nightly(cron), source]);
      await next.start();
      expect(await schedules()).toEqual(expected);
      await next.stop();
    }
  });
});
