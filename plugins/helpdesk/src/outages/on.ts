import { handlerFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';

export const onOutages = {
  /** Measures soon, and once for many failures. */
  'lti.launch-failed': handlerFor<Cradle>()('lti.launch-failed', async ({ services: { jobs } }) => {
    await jobs.enqueue('measure-tools', {}, { uniqueKey: 'soon', delaySeconds: 20 });
  }),
};
