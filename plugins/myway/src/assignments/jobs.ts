import { jobFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { payloads } from './payloads.js';

const job = jobFor<Cradle>();

/** Paths that are announced in one unit of work. */
const atOnce = 100;

export const jobs = {
  'announce-begun': job({
    payload: payloads['announce-begun'],
    // Hourly, since schools may be in several time zones.
    schedule: '3 * * * *',
    async handler({ services }) {
      const announced = await services.begunPaths.announce(atOnce);
      if (announced === atOnce) await services.jobs.enqueue('announce-begun', {});
    },
  }),
  'tell-handed-in': job({
    payload: payloads['tell-handed-in'],
    handler: ({ payload, services }) => services.stepWork.tellHandedIn(payload.assignmentId),
  }),
};
