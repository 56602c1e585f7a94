import { handlerFor } from '@ilearn/core';
import type { Cradle } from './cradle.js';
import { onDemo } from './demo/on.js';
import { events } from './events.js';
import { acknowledge, onMail } from './mail/on.js';
import { onOutages } from './outages/on.js';

export const on = {
  ...onMail,
  ...onOutages,
  ...onDemo,
  'helpdesk.ticket-opened': handlerFor<Cradle>()(events['ticket-opened'], async ({ payload, services }) => {
    // A ticket about a tool with an outage belongs to it.
    await services.outages.linkNew(payload.ticketId);
    await acknowledge(services, payload);
  }),
};
