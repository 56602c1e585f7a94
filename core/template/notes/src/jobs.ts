import { jobFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from './cradle.js';

const job = jobFor<Cradle>();

/** What each job is enqueued with. */
export const payloads = { tidy: z.object({}) };

export const jobs = {
  /** Every night at three (UTC). */
  tidy: job({
    payload: payloads.tidy,
    schedule: '0 3 * * *',
    async handler({ services }) {
      const removed = await services.notes.removeOlderThan(services.config.keepDays);
      services.log.info({ removed }, 'old notes removed');
    },
  }),
};
