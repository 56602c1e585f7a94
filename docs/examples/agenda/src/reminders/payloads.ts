import { z } from 'zod';

/** What each job is enqueued with. */
export const payloads = { remind: z.object({}), 'remind-class': z.object({ homework: z.uuid() }), tidy: z.object({}) };
