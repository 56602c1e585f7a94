import { jobFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from './cradle.js';

const job = jobFor<Cradle>();

export const jobs = {
  'forget-flows': job({
    payload: z.object({}),
    schedule: '*/15 * * * *',
    handler: ({ services }) => services.flows.removeExpired(),
  }),
};
