import { jobFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { payloads } from '../payloads.js';
import { renewedAtOnce } from './search-index.js';

/** Indexes activities again, in batches, after the curriculum has changed. */
export const renewIndex = jobFor<Cradle>()({
  payload: payloads['renew-index'],
  async handler({ payload: { schemes, after }, services: { searchIndex, jobs, log } }) {
    const { last, count } = await searchIndex.renew(schemes, after, renewedAtOnce);
    log.info({ count }, 'search words renewed');
    if (last !== null) await jobs.enqueue('renew-index', { schemes, after: last });
  },
});
