import { z } from 'zod';
import { timestamp } from './timestamp.js';

export const lineItemType = 'application/vnd.ims.lis.v2.lineitem+json';
export const lineItemContainerType = 'application/vnd.ims.lis.v2.lineitemcontainer+json';

/** PostgreSQL cannot store NUL. */
const text = (most: number) =>
  z
    .string()
    .max(most)
    .regex(/^[^\0]*$/, 'must not contain a NUL character');

/** Body of a line item (AGS 2.0 §3.2). Unknown members are ignored. */
export const lineItemInput = z.object({
  label: text(500).regex(/\S/, 'must not be blank'),
  scoreMaximum: z.number().positive(),
  resourceId: text(255).nullish(),
  tag: text(255).nullish(),
  resourceLinkId: text(255).nullish(),
  startDateTime: timestamp.nullish(),
  endDateTime: timestamp.nullish(),
});

export const lineItemView = z.object({
  id: z.url(),
  label: z.string(),
  scoreMaximum: z.number(),
  resourceId: z.string().optional(),
  tag: z.string().optional(),
  resourceLinkId: z.string().optional(),
  startDateTime: z.string().optional(),
  endDateTime: z.string().optional(),
});

export type LineItemInput = z.output<typeof lineItemInput>;
export type LineItemView = z.output<typeof lineItemView>;

/** A `limit` above the page size is reduced to it; the response then links to the next page (AGS 2.0 §3.2.4). */
export const pageSize = 100;
export const paging = {
  limit: z.coerce
    .number()
    .int()
    .min(1)
    .default(pageSize)
    .transform((limit) => Math.min(limit, pageSize)),
  after: z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER).default(0),
};

export const lineItemQuery = z.object({
  resource_link_id: text(255).optional(),
  resource_id: text(255).optional(),
  tag: text(255).optional(),
  ...paging,
});

export type LineItemQuery = z.output<typeof lineItemQuery>;
