import { z } from 'zod';

/** Text that PostgreSQL can store, without space around it: no NUL, and no half of a surrogate pair, which has no UTF-8. */
export const text = (max: number) =>
  z
    .string()
    .trim()
    .max(max)
    .refine((value) => !/\0|\p{Surrogate}/u.test(value), 'must not hold a NUL character, or half of a surrogate pair');
