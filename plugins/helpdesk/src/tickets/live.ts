import { topicFor } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import { topics } from '../topics.js';

/** Whoever takes part in a ticket, or handles it, may follow it. */
export const live = {
  ticket: topicFor<Cradle>()({
    ...topics.ticket,
    permission: 'helpdesk:follow',
    async allow({ params, services: { ticketing, parts } }) {
      const ticket = await ticketing.find(params.ticketId);
      return ticket !== undefined && (await parts.mine(ticket)) !== null;
    },
  }),
};
