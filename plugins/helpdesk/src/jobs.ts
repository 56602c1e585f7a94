import { jobFor } from '@ilearn/core';
import { z } from 'zod';
import type { Cradle } from './cradle.js';
import { payloads } from './job-payloads.js';

const job = jobFor<Cradle>();

export const jobs = {
  /** Warns of tickets that are due, and escalates those that are late. */
  'watch-times': job({
    payload: z.object({}),
    schedule: '*/5 * * * *',
    handler: async ({ services: { overdue } }) => {
      while (await overdue.warn());
      while (await overdue.escalate());
    },
  }),
  /** Closes what has been quiet, and removes what is kept for a while only. */
  'close-quiet': job({
    payload: z.object({}),
    schedule: '20 4 * * *',
    handler: async ({ services: { overdue } }) => {
      while (await overdue.close());
      await overdue.tidy();
    },
  }),
  /** Measures how the launches of tools go. */
  'measure-tools': job({
    payload: payloads['measure-tools'],
    schedule: '*/5 * * * *',
    handler: ({ services: { toolBoard } }) => toolBoard.measure(),
  }),
};
