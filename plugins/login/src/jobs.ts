import { jobFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from './cradle.js';

const job = jobFor<Cradle>();

export const jobs = {
  'remove-expired-accounts': job({
    payload: z.object({}),
    schedule: '11 * * * *',
    async handler({ services }) {
      const removed = await services.temporaryAccounts.removeExpired();
      if (removed > 0) services.log.info({ removed }, 'expired accounts removed');
    },
  }),
  'forget-failed-attempts': job({
    payload: z.object({}),
    schedule: '41 * * * *',
    async handler({ services: { throttle, challenges, badges } }) {
      await throttle.removeForgotten();
      await challenges.removeExpired();
      await badges.removeEndedWindows();
    },
  }),
};
