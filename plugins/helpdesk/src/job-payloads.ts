import { z } from 'zod';

/** Of jobs that services enqueue. */
export const payloads = { 'measure-tools': z.object({}) };
