import { type Job, jobFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from './cradle.js';

/** Removes what has expired: launches that were not used, client assertions, access tokens. */
export const cleanUp: Job = jobFor<Cradle>()({
  payload: z.strictObject({}),
  schedule: '*/15 * * * *',
  handler: async ({ services }) => {
    await services.launchRecords.clearExpired();
    await services.clientAssertions.clearExpired();
    await services.accessTokens.clearExpired();
  },
});
