import { z } from 'zod';

export const payloads = { count: z.object({}), publish: z.object({}) };
