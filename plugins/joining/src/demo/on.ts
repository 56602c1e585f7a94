import { handlerFor } from '@ilearn/core';
import type {} from '@ilearn/plugin-demo';
import type { Cradle } from '../cradle.js';
import { fillWaitingList } from './entries.js';

/** Adds to the demonstration. */
export const onDemo = {
  'demo.made': handlerFor<Cradle>()('demo.made', async ({ payload, services }) => {
    await fillWaitingList(services);
    await services.demoAccounts.setSandbox(payload.schools.wegwijzer, { published: true });
  }),
};
