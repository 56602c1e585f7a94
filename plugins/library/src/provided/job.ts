import { jobFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { payloads } from '../payloads.js';

/** Stores the activities that a provider sent. */
export const storeProvided = jobFor<Cradle>()({
  payload: payloads['store-provided'],
  async handler({ payload: { provider }, services: { providedActivities, log } }) {
    const counts = await providedActivities.store(provider);
    if (counts !== null) log.info(counts, 'activities of a provider are in the library');
  },
});
