import { handlerFor, jobFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { events } from '../events.js';
import { payloads } from './payloads.js';

const job = jobFor<Cradle>();

export const jobs = {
  /** Each afternoon, in the portal's time zone. Long work is split: a short job for each school, and for each task. */
  remind: job({
    payload: payloads.remind,
    schedule: '0 16 * * *',
    handler: ({ services }) => services.reminders.eachSchool('remind-school'),
  }),
  'remind-school': job({
    payload: payloads['remind-school'],
    handler: ({ services, payload }) => services.reminders.plan(payload.school),
  }),
  'remind-class': job({
    payload: payloads['remind-class'],
    handler: ({ services, payload }) => services.reminders.remind(payload.homework),
  }),
  /** Each night. */
  tidy: job({
    payload: payloads.tidy,
    schedule: '30 3 * * *',
    handler: ({ services }) => services.reminders.eachSchool('tidy-school'),
  }),
  'tidy-school': job({
    payload: payloads['tidy-school'],
    async handler({ services, payload }) {
      services.log.info({ removed: await services.reminders.tidy(payload.school) }, 'old homework removed');
    },
  }),
};

/** Runs after the unit of work that gave the homework has committed, and exactly once. */
export const on = {
  'agenda.homework-given': handlerFor<Cradle>()(events['homework-given'], ({ payload, services }) =>
    services.reminders.announce(payload.homework),
  ),
};
