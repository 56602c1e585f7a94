import { jobFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { payloads } from './model.js';

const job = jobFor<Cradle>();

/** Paths that are published in one unit of work. */
const atOnce = 20;

/** Only a scheduled job acts for the whole portal: what a teacher's request enqueues may not write shared rows. */
export const publishPaths = job({
  payload: payloads['publish-paths'],
  schedule: '* * * * *',
  async handler({ services }) {
    await services.publishing.carryOut(atOnce);
  },
});
