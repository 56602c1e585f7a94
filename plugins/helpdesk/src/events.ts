import { z } from 'zod';

/** Events of the helpdesk; published in the unit of work that stored what they tell. */
export const events = {
  /** A ticket came to be. `automatic`: by an automatic mail, which gets no acknowledgement. */
  'ticket-opened': z.object({ ticketId: z.uuid(), channel: z.enum(['portal', 'form', 'mail']), automatic: z.boolean() }),
  /** The helpdesk answered a ticket for the first time. `minutes`: since it was opened. Null: a ticket of no school, or of nobody with an account. */
  'ticket-answered': z.object({
    ticketId: z.uuid(),
    school: z.uuid().nullable(),
    askerId: z.uuid().nullable(),
    minutes: z.int().nonnegative(),
  }),
  /** A message was stored. Notes are never told: nobody outside the helpdesk reads them. */
  'message-added': z.object({
    ticketId: z.uuid(),
    messageId: z.uuid(),
    kind: z.enum(['public', 'side']),
    automatic: z.boolean(),
    sideId: z.uuid().nullable(),
  }),
};
