import { z } from 'zod';

export const nothing = z.object({});

/** Payloads of jobs that services enqueue. */
export const payloads = { 'end-offers': nothing };
