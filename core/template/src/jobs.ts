import { jobFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from './cradle.js';

const job = jobFor<Cradle>();

export const jobs = {
  /** Every night at three (UTC). */
  tidy: job({
    payload: z.object({}),
    schedule: '0 3 * * *',
    async handler({ services }) {
      const removed = await services.notes.removeOlderThan(services.config.keepDays);
      services.log.info({ removed }, 'old notes removed');
    },
  }),
};
