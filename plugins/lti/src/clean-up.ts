import { type Job, jobFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from './cradle.js';

/** Every 15 minutes: ends launches that were not used in time, and deletes expired client assertions and access tokens. */
export const cleanUp: Job = jobFor<Cradle>()({
  payload: z.strictObject({}),
  schedule: '*/15 * * * *',
  handler: async ({ services }) => {
    await services.launchRecords.clearExpired();
    await services.clientAssertions.clearExpired();
    await services.accessTokens.clearExpired();
  },
});
