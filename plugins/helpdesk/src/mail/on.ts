import { handlerFor, systemPrincipal } from '@ilearn/core';
import type { z } from 'zod';
import type { Cradle } from '../cradle.js';
import { events } from '../events.js';

const handler = handlerFor<Cradle>();

type TicketOpened = z.output<(typeof events)['ticket-opened']>;

/** A mail may go from one school to people of others and of providers, so these run with the rights of the system in all tenants. */
export const onMail = {
  'kernel.settings-changed': handler('kernel.settings-changed', async ({ payload: { fields }, services: { jobs } }) => {
    if (fields.some((field) => field.startsWith('mailImap'))) await jobs.enqueue('check-mailbox', {});
  }),
  'helpdesk.message-added': handler(
    events['message-added'],
    async ({ payload: { ticketId, messageId, automatic }, services }) => {
      if (automatic) return;
      await services.actAs(systemPrincipal(), ({ mailOutbox }: Cradle) => mailOutbox.answer(ticketId, messageId));
    },
  ),
};

/** Tells whoever asked without an account that the question has arrived. */
export async function acknowledge({ actAs }: Cradle, { ticketId, channel, automatic }: TicketOpened): Promise<void> {
  if (automatic || channel === 'portal') return;
  await actAs(systemPrincipal(), ({ mailOutbox }: Cradle) => mailOutbox.acknowledge(ticketId));
}
