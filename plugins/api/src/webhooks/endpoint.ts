import { z } from 'zod';
import { typeNames } from './types.js';

export const mostEndpoints = 10;
export const mostDeliveries = 100;
export const mostReplayed = 1_000;
export const mostTries = 50;

const types = z
  .array(z.enum(typeNames))
  .min(1, 'Choose at least one.')
  .max(typeNames.length)
  .transform((names) => [...new Set(names)].sort());

export const endpointBody = z.strictObject({ url: z.url().max(1_000), types });
export type EndpointBody = z.output<typeof endpointBody>;

export const endpointChange = endpointBody.partial().extend({ on: z.boolean().optional() });
export type EndpointChange = z.output<typeof endpointChange>;

export const endpointView = z.object({
  id: z.uuid(),
  url: z.string(),
  types: z.array(z.string()).max(100),
  state: z.enum(['on', 'off', 'stopped']),
  stoppedBecause: z.enum(['gone', 'failing']).nullable().describe('It answered 410, or a message failed for 76 hours'),
  oldSecretUntil: z.date().nullable().describe('Until when messages are signed with the previous secret as well'),
});
export type EndpointView = z.output<typeof endpointView>;

export const deliveryStates = ['waiting', 'delivered', 'failed', 'held', 'dropped'] as const;
export type DeliveryState = (typeof deliveryStates)[number];

export const deliveryView = z.object({
  id: z.uuid().describe('Also in the header webhook-id of each try'),
  endpoint: z.uuid(),
  type: z.string(),
  school: z.uuid().nullable(),
  happenedAt: z.date(),
  state: z
    .enum(deliveryStates)
    .describe(
      'held: its endpoint was not on; dropped: the school had switched the app off, or the portal stopped it, before it was sent',
    ),
  tries: z.int(),
  nextAt: z.date().nullable(),
  lastStatus: z.int().nullable(),
  lastFailure: z.string().nullable(),
});
export type DeliveryView = z.output<typeof deliveryView>;
