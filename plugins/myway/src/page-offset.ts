import { z } from 'zod';

/** Query parameter: where a page of a list begins. A full page may have a next one. */
export const pageOffset = (pageSize: number) =>
  z.coerce
    .number()
    .int()
    .min(0)
    .max(100_000)
    .default(0)
    .describe(`Rows to pass over; an answer of ${pageSize} rows may have a next page`);
