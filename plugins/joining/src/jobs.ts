import { jobFor } from '@ilearn/core';
import type { Cradle } from './cradle.js';
import { nothing, payloads } from './job-payloads.js';

const job = jobFor<Cradle>();

/** What has a deadline, each by itself: what fails for one stops no other. */
export const jobs = {
  'end-offers': job({
    payload: payloads['end-offers'],
    schedule: '17 * * * *',
    async handler({ services }) {
      if (await services.waitingListDesk.lapse()) await services.jobs.enqueue('end-offers', {});
    },
  }),
  'end-demo-accounts': job({
    payload: nothing,
    schedule: '19 * * * *',
    handler: ({ services }) => services.demoAccounts.removeEnded(),
  }),
  'end-counts': job({ payload: nothing, schedule: '21 * * * *', handler: ({ services }) => services.quotas.removeEnded() }),
};
