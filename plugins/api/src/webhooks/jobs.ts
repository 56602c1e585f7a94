import { jobFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import type { Unsent } from './deliveries.js';
import { payloads } from './payloads.js';
import { type Outcome, send } from './send.js';

const job = jobFor<Cradle>();

export const jobs = {
  /** One try of a message. */
  deliver: job({
    payload: payloads.deliver,
    outside: {
      seconds: 30,
      atOnce: 8,
      call: async ({ payload: { delivery, round }, read, http, message: { signal } }): Promise<Outcome | Unsent | null> => {
        const ready = await read(({ deliveries }) => deliveries.ready(delivery, round));
        return ready === null || typeof ready === 'string' ? ready : send(http, ready, signal);
      },
    },
    handler: async ({ payload: { delivery, round }, result, services }) => {
      if (result !== null) await services.deliveries.record(delivery, round, result);
    },
  }),
  'clean-up': job({
    payload: payloads['clean-up'],
    schedule: '*/15 * * * *',
    handler: ({ services }) => services.accessTokens.clearExpired(),
  }),
};
