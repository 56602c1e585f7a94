import { createTestPlatform, openTestHome, type TestPlatform } from '@ilearn/core/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { plugin } from './support/fixtures.js';
import { column, portalOn, type TestHome } from './support/portal.js';
import { redisForTests, until } from './support/redis.js';
import { Bench, workPlugin } from './support/work-plugin.js';

const marker = 'Marieke Vandenabeele';
let server: { url: string; stop(): Promise<void> };
let redis: Redis;
beforeAll(async () => {
  server = await redisForTests();
  redis = new Redis(server.url);
});
afterAll(async () => {
  redis?.disconnect();
  await server?.stop();
});

/** One contract for both engines: what a plugin may count on, whatever carries its messages. */
describe.each(['database', 'bullmq'] as const)('jobs on %s', (engine) => {
  const settings = () => ({ redisUrl: engine === 'bullmq' ? server.url : undefined, workerConcurrency: 3 });
  const bench = new Bench();
  let portal: TestPlatform;
  let embedded = false;

  const enqueue = (name: string, payload: unknown, options?: object): Promise<string> =>
    portal.work('work', ({ jobs }) => jobs.enqueue(name, payload, options));
  const effects = (): Promise<string[]> => portal.work('work', ({ knex }) => knex('effects').pluck('text').orderBy('text'));
  const status = (id: string) => portal.work('work', ({ jobs }) => jobs.status(id));
  const cancel = (id: string, by = 'work'): Promise<boolean> => portal.work(by, ({ jobs }) => jobs.cancel(id));
  const queues = <T>(fn: (queues: any) => Promise<T>): Promise<T> => portal.work('work', ({ queues }) => fn(queues));

  beforeAll(async () => {
    portal = await createTestPlatform({ plugins: [workPlugin(bench), plugin('other')], settings: settings() });
    embedded = (await portal.platform.home()).kind === 'pglite';
  });
  afterAll(async () => {
    bench.open();
    await portal?.stop();
  });
  beforeEach(async () => {
    Object.assign(bench, { tries: [], mostAtOnce: 0, entered: 0, aborted: 0 });
    await portal.work('work', ({ knex }) => knex('effects').delete());
  });

  test('is the engine in use, and reported as such', async () => {
    expect(await queues((each) => each.engine())).toEqual({ name: engine, reachable: true });
    const { body } = await portal.client().get('/metrics');
    expect(body).toContain(`ilearn_queue_reachable{engine="${engine}"} 1`);
  });

  test('a delayed job runs when it is due, not earlier', async () => {
    const asked = Date.now();
    const id = await enqueue('record', { text: 'later' }, { delaySeconds: 1.5 });
    await portal.drain();
    expect(await effects()).toEqual([]);
    expect(await status(id)).toEqual({ state: 'waiting', failures: 0, progress: null });
    await until('the delayed job ran', async () => (await effects()).length === 1);
    expect(Date.now() - asked).toBeGreaterThanOrEqual(1_400);
    expect(await status(id)).toBeNull();
  });

  test('a failed job is retried, each time after twice the delay', async () => {
    await enqueue('flaky', { succeedAt: 3 });
    await portal.drain();
    expect(bench.tries.map(({ attempt }) => attempt)).toEqual([1, 2, 3]);
    const [first, second, third] = bench.tries.map(({ at }) => at) as [number, number, number];
    expect(second - first).toBeGreaterThanOrEqual(990);
    expect(third - second).toBeGreaterThanOrEqual(1_990);
    expect(await effects()).toEqual(['attempt 3']);
  });

  test('at most one message waits under a unique key, and a running one does not count', async () => {
    const later = { delaySeconds: 3600, uniqueKey: 'one' };
    const ids = await Promise.all([0, 1, 2].map(() => enqueue('again', { more: 1 }, later)));
    expect(new Set(ids).size).toBe(1);
    const [other] = await Promise.all([enqueue('record', { text: 'same key, other job' }, { uniqueKey: 'one' })]);
    expect(other).not.toBe(ids[0]);
    await (await portal.platform.home()).pool.query('update kernel.messages set due_at = now() where unique_key is not null');
    await portal.drain();
    // The handler put a second one under the key that its own message had waited under.
    expect(await effects()).toEqual(['again 0', 'again 1', 'same key, other job']);
  });

  test('at most as many handlers run at once as the operator allows', async () => {
    bench.close();
    await portal.work('work', async ({ jobs }) => {
      for (let each = 0; each < 6; each++) await jobs.enqueue('gated', { text: `${each}` });
    });
    await until('handlers run', () => bench.atOnce === (embedded ? 1 : 3));
    bench.open();
    await portal.drain();
    expect(bench.mostAtOnce).toBe(embedded ? 1 : 3);
    expect(await effects()).toHaveLength(6);
  });

  test('progress is visible while the handler runs, and operators see that it runs', async () => {
    bench.close();
    const id = await enqueue('gated', { text: 'slowly' });
    await until('the handler runs', () => bench.atOnce === 1);
    await until('its progress shows', async () => (await status(id))?.progress === 0.5);
    expect(await status(id)).toEqual({ state: 'running', failures: 0, progress: 0.5 });
    // The one connection of the embedded database is the handler's until it ends.
    if (!embedded) {
      expect(await queues((each) => each.counts())).toMatchObject({ running: 1, waiting: 0 });
      expect(await queues((each) => each.messages('running'))).toMatchObject([
        { id, plugin: 'work', name: 'gated', progress: 0.5 },
      ]);
    }
    bench.open();
    await portal.drain();
    expect(await status(id)).toBeNull();
    expect(await effects()).toEqual(['slowly']);
  });

  test('a waiting job can be cancelled, by its own plugin only', async () => {
    const id = await enqueue('record', { text: 'never' }, { delaySeconds: 1 });
    expect(await cancel(id, 'other')).toBe(false);
    expect(await cancel(id)).toBe(true);
    expect(await cancel(id)).toBe(false);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    await portal.drain();
    expect(await effects()).toEqual([]);
  });

  test('a running job is told to stop, stores nothing, and is not retried', async () => {
    bench.close();
    const id = await enqueue('obedient', { text: 'half done' });
    await until('the handler runs', () => bench.atOnce === 1);
    expect(await cancel(id)).toBe(true);
    await until('its signal is aborted', () => bench.aborted === 1);
    bench.open();
    await portal.drain();
    expect([await effects(), await status(id), bench.entered]).toEqual([[], null, 1]);
  });

  test('a job that failed for good is kept without its payload, and an operator can retry or delete it', async () => {
    const [first, second] = [await enqueue('hopeless', { text: marker }), await enqueue('hopeless', { text: 'other' })];
    await portal.drain();
    const failed = await queues((each) => each.messages('failed'));
    expect(failed.map(({ id }: any) => id).sort()).toEqual([first, second].sort());
    expect(failed[0]).toMatchObject({ plugin: 'work', kind: 'job', name: 'hopeless', failures: 2, failure: 'TypeError' });
    expect(JSON.stringify(failed)).not.toContain(marker);
    expect(await status(first)).toMatchObject({ state: 'failed', failures: 2 });

    expect(await queues((each) => each.remove(second))).toBe(true);
    expect(await queues((each) => each.retry(second))).toBe(false);
    // Still hopeless: it fails as often as before, and is kept again.
    expect(await queues((each) => each.retry(first))).toBe(true);
    await portal.drain();
    expect(await queues((each) => each.counts())).toMatchObject({ failed: 1 });
    await portal.work('work', ({ knex }) => knex('effects').insert({ text: 'mended' }));
    expect(await queues((each) => each.retryAll())).toBe(1);
    await portal.drain();
    expect(await effects()).toEqual([marker, 'mended']);
    expect(await queues((each) => each.counts())).toMatchObject({ failed: 0 });
  });

  describe('over a restart', () => {
    let home: TestHome;
    beforeAll(async () => {
      home = await openTestHome();
    });
    afterAll(() => home?.close());
    const log: string[] = [];
    const begin = async (only?: 'web' | 'worker', schedule?: string, workerConcurrency = 3) => {
      const platform = portalOn(home, [workPlugin(bench, schedule)], {
        settings: { ...settings(), workerConcurrency },
        only,
        log,
      });
      await platform.start();
      return platform;
    };
    const done = () => column(home, 'select text from work.effects order by text');
    const put = (platform: Awaited<ReturnType<typeof begin>>, name: string, payload: unknown): Promise<string> =>
      platform.work('work', ({ jobs }) => jobs.enqueue(name, payload));

    test('a stop waits for running handlers; one that is aborted continues after the next start, and has not failed', async () => {
      const first = await begin();
      bench.close();
      await put(first, 'gated', { text: 'finished' });
      await until('the handler runs', () => bench.atOnce === 1);
      const stopping = first.stop();
      await until('it is told', () => bench.aborted === 1);
      bench.open();
      await stopping;
      expect(await done()).toEqual(['finished']);

      const second = await begin();
      bench.close();
      await put(second, 'obedient', { text: 'given up' });
      await until('the handler runs', () => bench.atOnce === 1);
      const stoppingToo = second.stop();
      await until('it is told', () => bench.aborted === 2);
      bench.open();
      await stoppingToo;
      expect(await column(home, 'select attempts from kernel.messages')).toEqual([0]);
      const third = await begin();
      await until('it is done', async () => (await done()).length === 2);
      await third.stop();
    });

    test('a web process runs nothing itself; a job that the engine then loses is done by a worker, once', async () => {
      await home.pool.query('delete from work.effects');
      const web = await begin('web');
      for (const text of ['a', 'b', 'c']) await put(web, 'record', { text });
      // Without Redis nobody takes them: it has no slots.
      if (engine === 'bullmq')
        await until('it was handed over', async () => {
          const [open] = await column(home, 'select count(*)::int from kernel.messages where task is null');
          return open === 0;
        });
      // As if another worker had taken them, and been killed.
      else await home.pool.query(`update kernel.messages set task = gen_random_uuid(), taken_at = now()`);
      await new Promise((resolve) => setTimeout(resolve, 300));
      expect(await done()).toEqual([]);
      if (engine === 'bullmq') await forget(redis);
      const worker = await begin('worker');
      await until('the lost messages were found', async () => (await done()).length === 3, 20);
      await web.stop();
      await worker.stop();
      expect(await done()).toEqual(['a', 'b', 'c']);
      expect(await column(home, 'select id from kernel.messages')).toEqual([]);
    });

    test('Redis stores no names or values of people', async () => {
      const web = await begin('web');
      const id = await put(web, 'record', { text: marker });
      if (engine === 'bullmq') await until('it was handed over', async () => (await dump(redis)).includes(id));
      expect(await dump(redis)).not.toContain('Marieke');
      await web.stop();
      await home.pool.query('delete from kernel.messages');
    });

    test('jobs waiting behind a long handler go to a free worker', async () => {
      await home.pool.query('delete from work.effects');
      const busy = await begin(undefined, undefined, 1);
      bench.close();
      const texts = ['a', 'b', 'c', 'd'];
      await busy.work('work', ({ jobs }) => Promise.all(texts.map((text) => jobs.enqueue('gated', { text }))));
      await until('a handler runs', () => bench.atOnce === 1);
      log.length = 0;
      // The one connection of the embedded database is the handler's: there is no other worker.
      const free = embedded ? null : await begin('worker', undefined, 1);
      try {
        if (!embedded) await until('the other takes its share', () => bench.atOnce === 2);
        // Given back, not lost.
        expect(log.filter((line) => line.includes('handed to the job engine again'))).toEqual([]);
      } finally {
        bench.open();
      }
      await until('all are done', async () => (await done()).length === texts.length);
      await free?.stop();
      await busy.stop();
      expect(await done()).toEqual(texts);
      // Nothing of what is over stays.
      expect(await column(home, 'select id from kernel.messages')).toEqual([]);
    });

    test('a schedule creates one job each time, and is removed with the manifest that declared it', async () => {
      const first = await begin(undefined, '0 3 * * *');
      const second = embedded ? null : await begin(undefined, '0 3 * * *');
      await home.pool.query(`delete from work.effects; update kernel.schedules set next_at = now() - interval '2 days'`);
      await until('the scheduled job ran', async () => {
        await first.pendingMessages();
        await second?.pendingMessages();
        return (await done()).includes('night');
      });
      await first.stop();
      await second?.stop();
      expect(await done()).toEqual(['night']);
      const without = await begin();
      expect(await column(home, 'select job from kernel.schedules')).toEqual([]);
      await without.stop();
      // Redis never holds any: neither a schedule nor a delayed job.
      if (engine === 'bullmq') expect((await redis.keys('*')).filter((key) => /repeat|delayed/.test(key))).toEqual([]);
    });
  });
});

/** All that a Redis holds, as text. */
async function dump(redis: Redis): Promise<string> {
  const parts: string[] = [];
  for (const key of await redis.keys('{ilearn}:*')) {
    const type = await redis.type(key);
    if (type === 'hash') parts.push(JSON.stringify(await redis.hgetall(key)));
    if (type === 'list') parts.push(JSON.stringify(await redis.lrange(key, 0, -1)));
    if (type === 'zset') parts.push(JSON.stringify(await redis.zrange(key, 0, -1)));
    if (type === 'stream') parts.push(JSON.stringify(await redis.xrange(key, '-', '+')));
    if (type === 'string') parts.push((await redis.get(key)) ?? '');
  }
  return parts.join('\n');
}

/** As after a flush, for the queues of i-Learn; others of the suite find their messages again. */
async function forget(redis: Redis): Promise<void> {
  const keys = await redis.keys('{ilearn}:*');
  if (keys.length > 0) await redis.del(...keys);
}
