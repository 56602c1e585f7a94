import { jobFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from './cradle.js';

const job = jobFor<Cradle>();

export const jobs = {
  /** Ends offers and waits whose time is over. */
  sweep: job({
    payload: z.object({}),
    schedule: '*/5 * * * *',
    handler: async ({ services }) => {
      while (await services.sweep.run());
    },
  }),
};
