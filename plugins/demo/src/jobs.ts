import { jobFor } from '@ilearn/core';
import type { Cradle } from './cradle.js';
import { fill } from './fill.js';
import { fillPayload } from './fill-payload.js';
import { makeGroups } from './groups.js';
import { proposeHolidays } from './holidays.js';
import { madeWith, openDoors } from './seed.js';
import { suggest } from './suggest.js';

const job = jobFor<Cradle>();

export const jobs = {
  /** Fills the schools with learning paths and results, after which the doors open. Once, while the portal already serves. */
  fill: job({
    payload: fillPayload,
    async handler({ payload: { created }, services }) {
      const { calendar, events, log } = services;
      const made = await madeWith(services, created);
      const day = await calendar.today();
      await proposeHolidays(services);
      await fill(services, made, day);
      await makeGroups(services, made);
      await suggest(services, made);
      await openDoors(services, made);
      await events.publish('made', { day, schools: made.schools, people: Object.fromEntries(made.people), results: true });
      log.info({}, 'the demonstration has learning paths and results');
    },
  }),
};
