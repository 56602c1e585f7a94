import { handlerFor } from '@ilearn/core';
import type {} from '@ilearn/plugin-demo';
import type { Cradle } from '../cradle.js';
import { fillTickets } from './tickets.js';

/** Adds the helpdesk to the demonstration. */
export const onDemo = {
  'demo.made': handlerFor<Cradle>()('demo.made', ({ payload, services }) => fillTickets(services, payload)),
};
