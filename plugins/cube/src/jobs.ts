import { jobFor } from '@ilearn/core';
import type { Cradle } from './cradle.js';
import { fillSchool } from './demo/fill.js';
import { payloads } from './job-payloads.js';
import { decideAside } from './publishing/decide-aside.js';

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
  /** Fills the demonstration, school by school, and then publishes it. */
  'fill-demo': job({
    payload: payloads['fill-demo'],
    handler: async ({ payload: { at, ...made }, services }) => {
      const isMore = await fillSchool(services, made, at);
      if (isMore) await services.jobs.enqueue('fill-demo', { ...made, at: at + 1 });
      else await services.jobs.enqueue('prepare', {}, { uniqueKey: 'next' });
    },
  }),
  /** Counts what is left, and has a period that is over published. */
  prepare: job({
    payload: payloads.prepare,
    schedule: '40 3 * * *',
    handler: async ({ services: { counter, publisher, jobs: queue } }) => {
      while (await counter.countSome());
      if (await publisher.prepare()) await queue.enqueue('publish', {}, { uniqueKey: 'next' });
      else await counter.forget();
    },
  }),
  /** Publishes a period, and looks whether there is another one. */
  publish: job({
    payload: payloads.publish,
    outside: {
      seconds: 900,
      atOnce: 1,
      call: async ({ read }) => {
        const draft = await read(({ publisher }) => publisher.draft());
        return draft === null ? null : decideAside(draft);
      },
    },
    handler: async ({ result, services: { publisher, jobs: queue, log } }) => {
      if (result === null) return;
      const { grain, startsOn } = result.period;
      if (await publisher.store(result)) log.info({ grain, startsOn }, 'figures published');
      await queue.enqueue('prepare', {}, { uniqueKey: 'next' });
    },
  }),
};
