import { z } from 'zod';

/** Where a page of a list begins. A list as long as a page may go on: the next page tells. */
export const pageOffset = (pageSize: number) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe(`Rows to pass over; an answer of ${pageSize} rows may have a next page`);
