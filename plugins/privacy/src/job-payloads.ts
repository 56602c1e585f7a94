import { z } from 'zod';

/** Payloads of jobs that services enqueue. */
export const payloads = { 'search-names': z.object({ search: z.uuid() }) };
