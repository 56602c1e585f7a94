// How many events and jobs a second a portal accepts and does, on each engine, beside a loop by hand over a table.
import { startRedis } from '../scripts/redis.mjs';
import { median, runOnce, withDatabase } from './support.mjs';

const ROUNDS = Number(process.env.BENCH_WORK_ROUNDS ?? 3);
const COUNT = Number(process.env.BENCH_WORK ?? 2_000);

export async function measureWork(serverUrl) {
  const redis = await startRedis();
  const contenders = [
    { name: 'by hand: a table, one transaction an item', script: 'work-by-hand.mjs', environment: {} },
    { name: 'kernel, database alone', script: 'work.mjs', environment: { BENCH_REDIS: '' } },
    { name: 'kernel, BullMQ on Redis', script: 'work.mjs', environment: { BENCH_REDIS: redis.url } },
  ];
  const results = contenders.map(({ name }) => ({ name, accepted: [], jobs: [], events: [] }));
  try {
    for (let round = 1; round <= ROUNDS; round++) {
      for (const [index, { script, environment }] of contenders.entries()) {
        const { jobs, events } = await withDatabase(serverUrl, (url) =>
          runOnce({ script, args: [String(COUNT)] }, url, environment),
        );
        results[index].accepted.push(jobs.accepted);
        results[index].jobs.push(jobs.done);
        results[index].events.push(events.done);
      }
      process.stderr.write(`work: round ${round} of ${ROUNDS}\n`);
    }
  } finally {
    await redis.stop();
  }
  const reference = median(results[0].jobs);
  console.table(
    results.map(({ name, accepted, jobs, events }) => ({
      engine: name,
      'jobs accepted/s': Math.round(median(accepted)),
      'jobs done/s': Math.round(median(jobs)),
      'events done/s': Math.round(median(events)),
      'jobs of by hand': (median(jobs) / reference).toFixed(2),
    })),
  );
  console.log(`${COUNT} jobs, then ${COUNT} events, from the first accepted to the last done; median of ${ROUNDS} rounds\n`);
}
