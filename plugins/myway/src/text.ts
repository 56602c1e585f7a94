import { z } from 'zod';

/** Text that PostgreSQL can store (it takes no NUL), without space around it. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .regex(/^[^\0]*$/, 'must not hold a NUL character');
