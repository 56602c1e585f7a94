import { z } from 'zod';

export const payloads = { answer: z.object({ release: z.uuid() }) };
