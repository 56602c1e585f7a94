import { jobFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { payloads } from '../payloads.js';

/** Removes uploads that no activity uses, once a day. */
export const removeUnusedMaterials = jobFor<Cradle>()({
  payload: payloads['remove-unused-materials'],
  schedule: '40 3 * * *',
  async handler({ services: { materials, log } }) {
    const count = await materials.removeUnused();
    if (count > 0) log.info({ count }, 'unused materials removed');
  },
});
