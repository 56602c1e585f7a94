import { createDatabase } from '@ilearn/core/testing';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { spawnRedis } from '../scripts/redis.mjs';
import { monitor } from './support/command.js';
import { serverForTests } from './support/database.js';
import { Flow } from './support/flow.js';
import { until } from './support/redis.js';

/** The long mode: `ILEARN_KILLS=200 npm run test:kills`. */
const KILLS = Number(process.env['ILEARN_KILLS'] || 4);
const TIMEOUT = 120_000 + KILLS * 6_000;
const SETTLE_SECONDS = 45;

let postgres: { url: string; stop(): Promise<void> };
let redis: Awaited<ReturnType<typeof spawnRedis>>;
beforeAll(async () => {
  postgres = await serverForTests();
  redis = await spawnRedis();
});
afterAll(async () => {
  await redis?.stop();
  await postgres?.stop();
});

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const between = (least: number, most: number) => least + Math.random() * (most - least);

/** A portal of two webs and two workers on a fresh database, while items flow in. */
async function flowing(redisUrl: string, fn: (flow: Flow) => Promise<void>): Promise<void> {
  const database = await createDatabase(postgres.url);
  const flow = new Flow(database.url, redisUrl);
  try {
    await flow.start();
    flow.send(2, 60);
    await fn(flow);
    await until('enough was accepted', () => flow.accepted.length > 20, SETTLE_SECONDS);
    await flow.stopSending();
    await flow.settled(SETTLE_SECONDS).catch((error: Error) => {
      throw new Error(`${error.message}\n${flow.errors}`);
    });
    expect(await flow.wrong()).toEqual([]);
    expect(flow.dead).toEqual([]);
  } finally {
    await flow.stop();
    await database.drop();
  }
}

/** Kills webs and workers by chance, at any moment of their lives, start-up included. */
async function killAtRandom(flow: Flow, kills: number): Promise<void> {
  for (let kill = 0; kill < kills; kill++) {
    await pause(between(100, 1_200));
    // Each kind as often as the other; which of the two, and when, is chance.
    await flow.kill((kill % 2) * 2 + Math.floor(Math.random() * 2));
  }
}

describe('every accepted item takes effect exactly once', () => {
  test('even if webs and workers are killed, with jobs on the database', { timeout: TIMEOUT }, () =>
    flowing('', (flow) => killAtRandom(flow, Math.ceil(KILLS * 0.5))),
  );

  test(
    `even if ${KILLS} webs and workers are killed, then Redis loses all its data and is unreachable for a while; pages keep working`,
    {
      timeout: TIMEOUT,
    },
    () =>
      flowing(redis.url, async (flow) => {
        await killAtRandom(flow, KILLS);
        await flow.ready();
        // Before Redis forgets them, or a flush would hide what the kills left there.
        const soFar = new Set(flow.accepted);
        await until(
          'what was accepted took effect',
          async () => (await flow.wrong()).every(({ id }) => !soFar.has(id)),
          SETTLE_SECONDS,
        );
        await until('items flow', () => flow.accepted.length > soFar.size + 10);
        const client = new Redis(redis.url);
        for (let each = 0; each < 3; each++) {
          await client.flushall();
          await pause(300);
        }
        client.disconnect();

        await redis.kill();
        const [web] = flow.webs;
        await until('its absence shows', async () => {
          const response = await fetch(`${web}/health/ready`, { headers: monitor });
          const { status, queue } = (await response.json()) as { status: string; queue: string };
          expect([response.status, status]).toEqual([200, 'ready']);
          return queue === 'unreachable';
        });
        const before = flow.accepted.length;
        const refused = flow.refused;
        await until('items are accepted without Redis', () => flow.accepted.length > before + 20);
        expect(flow.refused).toBe(refused);
        const { rows } = await flow.pool.query('select count(*)::int as waiting from kernel.messages');
        expect(rows[0].waiting).toBeGreaterThan(20);
        redis = await spawnRedis({ port: redis.port });
      }),
  );
});
