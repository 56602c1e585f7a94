import { z } from 'zod';

/** Events of the helpdesk; published in the unit of work that stored what they tell. */
export const events = {
  /** A ticket came to be. `automatic`: by an automatic mail, which gets no acknowledgement. */
  'ticket-opened': z.object({ ticketId: z.uuid(), channel: z.enum(['portal', 'form', 'mail']), automatic: z.boolean() }),
  /** A message was stored. Notes are never told: nobody outside the helpdesk reads them. */
  'message-added': z.object({
    ticketId: z.uuid(),
    messageId: z.uuid(),
    kind: z.enum(['public', 'side']),
    automatic: z.boolean(),
    sideId: z.uuid().nullable(),
  }),
};
