import { z } from 'zod';

/** Query parameter: the offset of a page in a list. If a page is full, there may be a next one. */
export const pageOffset = (pageSize: number) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe(`Rows to pass over; an answer of ${pageSize} rows may have a next page`);
