import { jobFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from './cradle.js';
import { payloads } from './job-payloads.js';
import { statementJobs } from './statement/job.js';

const job = jobFor<Cradle>();

export const jobs = {
  ...statementJobs,
  /** Reminds those who answer requests of the deadlines, notes what schools corrected, and removes requests that are past their time. */
  'remind-requests': job({
    payload: z.object({}),
    schedule: '10 7 * * *',
    handler: async ({ services: { requestDesk, corrections } }) => {
      while (await requestDesk.remind());
      for (let next = await corrections.check(null); next !== null; ) next = await corrections.check(next);
      while (await requestDesk.tidy());
    },
  }),
  /** Searches a table for the name of an erased person, and goes on with the next. */
  'search-names': job({
    payload: payloads['search-names'],
    handler: async ({ payload: { search }, services: { nameSearches, jobs: queue } }) => {
      if (await nameSearches.step(search)) await queue.enqueue('search-names', { search });
    },
  }),
};
