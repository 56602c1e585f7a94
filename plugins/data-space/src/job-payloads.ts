import { z } from 'zod';

export const payloads = {
  answer: z.object({ release: z.uuid() }),
  releaseDemo: z.object({ day: z.iso.date(), at: z.int().min(0) }),
  tidyStudies: z.object({}),
  endExpired: z.object({}),
  askPeople: z.object({ study: z.uuid(), school: z.uuid() }),
  tell: z.union([
    z.object({ process: z.literal('negotiation'), id: z.uuid(), move: z.enum(['offer', 'agree', 'finalize', 'terminate']) }),
    z.object({ process: z.literal('transfer'), id: z.uuid(), move: z.enum(['start', 'suspend', 'complete', 'terminate']) }),
  ]),
};
