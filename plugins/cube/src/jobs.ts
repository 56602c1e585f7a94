import { jobFor } from '@ilearn/core';
import type { Cradle } from './cradle.js';
import { payloads } from './job-payloads.js';

const job = jobFor<Cradle>();

export const jobs = {
  /** Counts what was taken down. In parts, each in a unit of work of its own. */
  count: job({
    payload: payloads.count,
    schedule: '12 * * * *',
    handler: async ({ services: { counter, jobs: queue } }) => {
      if (await counter.countSome()) await queue.enqueue('count', {}, { uniqueKey: 'more' });
    },
  }),
  /** Publishes a period that is over, and looks whether there is another one. */
  publish: job({
    payload: payloads.publish,
    schedule: '40 3 * * *',
    handler: async ({ services: { counter, publisher, jobs: queue, log } }) => {
      while (await counter.countSome());
      const period = await publisher.publishNext();
      if (period === null) return counter.forget();
      log.info({ grain: period.grain, startsOn: period.startsOn }, 'figures published');
      await queue.enqueue('publish', {}, { uniqueKey: 'next' });
    },
  }),
};
