import { jobFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { payloads } from '../payloads.js';

/** Stores the activities that providers sent, every minute: only the portal itself may store what all schools share. */
export const storeProvided = jobFor<Cradle>()({
  payload: payloads['store-provided'],
  schedule: '* * * * *',
  async handler({ services: { providedActivities, log } }) {
    const counts = await providedActivities.storeNext();
    if (counts !== null) log.info(counts, 'activities of a provider are in the library');
  },
});
