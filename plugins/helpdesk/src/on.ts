import { handlerFor, systemPrincipal } from '@ilearn/core';
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
    if (!payload.automatic) await tellHelpers(services, payload.ticketId);
    await acknowledge(services, payload);
  }),
};

/** Helpers of the line are often of other tenants than whoever asked. */
async function tellHelpers({ actAs }: Cradle, ticketId: string): Promise<void> {
  await actAs(systemPrincipal(), async ({ ticketing, ticketTellings }: Cradle) => {
    const ticket = await ticketing.find(ticketId);
    if (ticket !== undefined) await ticketTellings.waiting(ticket, { part: 'requester', personId: ticket.requester_id });
  });
}
