// Accepts N jobs and N events in units of work of a hundred, and tells how long it took until all had their effect.
import { definePlugin } from '@ilearn/core';
import { createTestPlatform } from '@ilearn/core/testing';
import { z } from 'zod';

const count = Number(process.argv[2]);
const item = z.object({ item: z.int() });
const effect = ({ services, payload }) => services.knex('effects').insert({ item: payload.item });
const work = definePlugin({
  id: 'work',
  version: '1.0.0',
  tables: { effects: { tenant: { none: 'a benchmark' } } },
  migrations: [{ name: '0001', up: 'create table effects (item int not null)', down: 'drop table effects' }],
  events: { happened: item },
  jobs: { job: { payload: item, handler: effect } },
  on: { 'work.happened': effect },
});
const redisUrl = process.env.BENCH_REDIS || undefined;
const platform = await createTestPlatform({ plugins: [work], settings: { databaseConnections: 10, logLevel: 'warn', redisUrl } });

async function run(accept) {
  const started = performance.now();
  for (let first = 0; first < count; first += 100) {
    await platform.work('work', async (services) => {
      for (let number = first; number < first + 100; number++) await accept(services, { item: number });
    });
  }
  const accepted = performance.now();
  for (let done = 0; done < count; ) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    const rows = await platform.work('work', ({ knex }) => knex('effects').count({ done: '*' }));
    done = Number(rows[0].done);
  }
  await platform.work('work', ({ knex }) => knex('effects').delete());
  return { accepted: (count / (accepted - started)) * 1000, done: (count / (performance.now() - started)) * 1000 };
}

const jobs = await run(({ jobs }, payload) => jobs.enqueue('job', payload));
const events = await run(({ events }, payload) => events.publish('happened', payload));
process.send({ jobs, events });
await platform.stop();
process.disconnect();
