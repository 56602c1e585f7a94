import { z } from 'zod';

const digest = z.object({ after: z.uuid().optional() });

/** Payloads of the jobs, apart from them: their handlers use services that enqueue them. */
export const payloads = {
  plan: z.object({ people: z.array(z.uuid()).min(1).max(1_000) }),
  compose: z.object({ personId: z.uuid(), channel: z.enum(['now', 'daily', 'weekly']) }),
  /** `unanswered`: only if files are still missing that were asked for. */
  deliver: z.object({ mailId: z.uuid(), unanswered: z.boolean().optional() }),
  daily: digest,
  weekly: digest,
};
