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
  /** Ends coachings to which nothing happens, and reminds both sides of those for which nothing was noted. */
  coachings: job({
    payload: z.object({}),
    schedule: '30 8 * * *',
    handler: async ({ services: { coachings } }) => {
      while (await coachings.expire());
      await coachings.remindQuiet();
    },
  }),
  /** Reminds people of tomorrow's sessions. Runs at nine o'clock in the portal's time zone, across changes of the clock. */
  remind: job({
    payload: z.object({}),
    schedule: '0 9 * * *',
    handler: async ({ services }) => {
      while (await services.reminders.send());
    },
  }),
};
