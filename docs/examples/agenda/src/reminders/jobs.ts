import { handlerFor, jobFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { events } from '../events.js';
import { payloads } from './payloads.js';

const job = jobFor<Cradle>();

export const jobs = {
  /** Each afternoon, in the portal's time zone. Long work is split: one short job for each task. */
  remind: job({
    payload: payloads.remind,
    schedule: '0 16 * * *',
    handler: ({ services }) => services.reminders.plan(),
  }),
  'remind-class': job({
    payload: payloads['remind-class'],
    handler: ({ services, payload }) => services.reminders.remind(payload.homework),
  }),
  /** Each night. */
  tidy: job({
    payload: payloads.tidy,
    schedule: '30 3 * * *',
    async handler({ services }) {
      services.log.info({ removed: await services.reminders.tidy() }, 'old homework removed');
    },
  }),
};

/** Runs after the unit of work that gave the homework has committed, and exactly once. */
export const on = {
  'agenda.homework-given': handlerFor<Cradle>()(events['homework-given'], ({ payload, services }) =>
    services.reminders.announce(payload.homework),
  ),
};
