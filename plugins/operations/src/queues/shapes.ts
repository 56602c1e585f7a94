import { z } from 'zod';
import { messageStates } from './states.js';

/** Maximum number of messages of one state in a response; the counts include the others. */
export const SHOWN = 100;

export const queuedMessage = z.object({
  id: z.uuid(),
  plugin: z.string(),
  kind: z.enum(['event', 'job']),
  name: z.string(),
  state: z.enum(messageStates),
  failures: z.int(),
  failure: z.string().nullable(),
  progress: z.number().nullable(),
  createdAt: z.iso.datetime(),
  dueAt: z.iso.datetime(),
  failedAt: z.iso.datetime().nullable(),
});
export type QueuedMessage = z.infer<typeof queuedMessage>;

export const overview = z.object({
  engine: z.object({ name: z.string(), reachable: z.boolean() }),
  counts: z.record(z.enum(messageStates), z.int()),
  state: z.enum(messageStates),
  messages: z.array(queuedMessage).max(SHOWN),
});
export type Overview = z.infer<typeof overview>;
