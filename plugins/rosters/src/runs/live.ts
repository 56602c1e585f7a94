import { topicFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { topics } from './topics.js';

export const live = {
  /** Tells that a run of a school has changed. */
  runs: topicFor<Cradle>()({
    ...topics.runs,
    permission: 'roster:connect',
    allow: async ({ params: { school }, services: { connections } }) => (await connections.mayManage(school)) !== null,
  }),
};
