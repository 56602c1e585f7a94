import { jobFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from './cradle.js';
import { statementJobs } from './statement/job.js';

const job = jobFor<Cradle>();

export const jobs = {
  ...statementJobs,
  /** Reminds those who answer requests of the deadlines, and removes requests that are past their time. */
  'remind-requests': job({
    payload: z.object({}),
    schedule: '10 7 * * *',
    handler: async ({ services: { requestDesk } }) => {
      while (await requestDesk.remind());
      while (await requestDesk.tidy());
    },
  }),
};
