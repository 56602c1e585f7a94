import { handlerFor, systemPrincipal } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { events } from '../events.js';

const handler = handlerFor<Cradle>();

/** A mail may go from one school to people of others and of providers, so these run with the rights of the system in all tenants. */
export const onMail = {
  'helpdesk.message-added': handler(
    events['message-added'],
    async ({ payload: { ticketId, messageId, automatic }, services }) => {
      if (automatic) return;
      await services.actAs(systemPrincipal(), ({ mailOutbox }: Cradle) => mailOutbox.answer(ticketId, messageId));
    },
  ),
  'helpdesk.ticket-opened': handler(events['ticket-opened'], async ({ payload: { ticketId, channel, automatic }, services }) => {
    if (automatic || channel === 'portal') return;
    await services.actAs(systemPrincipal(), ({ mailOutbox }: Cradle) => mailOutbox.acknowledge(ticketId));
  }),
};
