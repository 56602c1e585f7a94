import { handlerFor } from '@ilearn/core';
import type {} from '@ilearn/plugin-directory';
import type { Cradle } from '../cradle.js';

/** Trainings carry the name of their provider, because people of schools do not see the directory of providers. */
export const onProviders = {
  'directory.providers-changed': handlerFor<Cradle>()(
    'directory.providers-changed',
    async ({ payload, services: { trainings } }) => {
      for (const provider of payload.providerIds) await trainings.renameProvider(provider);
    },
  ),
};
