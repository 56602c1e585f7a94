import { jobFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from './cradle.js';

const job = jobFor<Cradle>();

export const jobs = {
  /** Ends what has a deadline: offers, demo accounts, links and counts. */
  'end-what-is-over': job({
    payload: z.object({}),
    schedule: '17 * * * *',
    async handler({ services: { waitingListDesk, demoAccounts, quotas } }) {
      while (await waitingListDesk.lapse());
      await demoAccounts.removeEnded();
      await quotas.removeEnded();
    },
  }),
};
