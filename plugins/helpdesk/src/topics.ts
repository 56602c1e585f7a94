import { z } from 'zod';

/** Live topics: what changes on a ticket, and in the queue. */
export const topics = {
  ticket: { params: z.object({ ticketId: z.uuid() }), payload: z.object({ kind: z.enum(['message', 'changed', 'presence']) }) },
};
