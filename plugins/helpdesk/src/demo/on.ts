import { handlerFor } from '@ilearn/core';
import type {} from '@ilearn/plugin-demo';
import type { Cradle } from '../cradle.js';
import { fillTickets } from './tickets.js';
import { fillWishes } from './wishes.js';

/** Adds the helpdesk to the demonstration. */
export const onDemo = {
  'demo.made': handlerFor<Cradle>()('demo.made', async ({ payload, services }) => {
    await fillTickets(services, payload);
    await fillWishes(services, payload);
    // The board shows the tools by name from the start.
    await services.jobs.enqueue('measure-tools', {}, { uniqueKey: 'soon' });
  }),
};
