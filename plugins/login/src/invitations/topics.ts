import { z } from 'zod';

/** Live topics of this plugin. */
export const topics = {
  /** The invitations of a provider: something about them changed. */
  invitations: { params: z.object({ provider: z.uuid() }), payload: z.object({ kind: z.enum(['changed']) }) },
};
