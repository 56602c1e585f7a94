import { z } from 'zod';

/** Live topics of this plugin. */
export const topics = {
  /** The notifications of one person: `added`, or `read` when they marked some on another page. */
  inbox: { params: z.object({ personId: z.uuid() }), payload: z.object({ kind: z.enum(['added', 'read']) }) },
};
