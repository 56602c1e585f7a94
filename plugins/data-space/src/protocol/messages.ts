import { z } from 'zod';

/** The only JSON-LD context that is named. It is never fetched: messages are read as plain JSON (§4.3). */
export const CONTEXT = 'https://w3id.org/dspace/2025/1/context.jsonld';

const context = z
  .array(z.union([z.string().max(500), z.looseObject({})]))
  .max(10)
  .refine((list) => list.includes(CONTEXT), {
    message: `The context must be a list with ${CONTEXT}.`,
  });
const pid = z.string().min(1).max(300);
const address = z.string().min(1).max(2_000);
const code = z.string().max(200).optional();
/** Why, in words or as objects. */
const reason = z
  .array(z.union([z.string().max(2_000), z.looseObject({})]))
  .min(1)
  .max(20)
  .optional();
const message = <Type extends string>(type: Type) => ({ '@context': context, '@type': z.literal(type) });
const rules = z
  .array(z.looseObject({ action: z.string().max(300) }))
  .min(1)
  .max(50);

/** An offer in a request: its id, and its terms if they are repeated, which make it an offer of that type (schema `MessageOffer`). */
const offer = z
  .looseObject({
    '@id': pid,
    '@type': z.literal('Offer').optional(),
    target: pid.optional(),
    permission: rules.optional(),
    prohibition: rules.optional(),
    obligation: rules.optional(),
  })
  .refine((each) => each['@type'] !== undefined || (each.permission === undefined && each.prohibition === undefined), {
    path: ['@type'],
    message: 'Terms belong to an Offer.',
  });
export type MessageOffer = z.output<typeof offer>;

/** Messages of the consumer, by their JSON Schemas of the protocol. Members that are not named are ignored. */
export const messages = {
  catalogRequest: z.looseObject({ ...message('CatalogRequestMessage'), filter: z.unknown().optional() }),
  contractRequest: z.looseObject({
    ...message('ContractRequestMessage'),
    consumerPid: pid,
    providerPid: pid.optional(),
    offer,
    callbackAddress: address,
  }),
  counterOffer: z.looseObject({
    ...message('ContractRequestMessage'),
    consumerPid: pid,
    providerPid: pid,
    offer,
    callbackAddress: address.optional(),
  }),
  negotiationEvent: z.looseObject({
    ...message('ContractNegotiationEventMessage'),
    consumerPid: pid,
    providerPid: pid,
    eventType: z.enum(['ACCEPTED', 'FINALIZED']),
  }),
  verification: z.looseObject({ ...message('ContractAgreementVerificationMessage'), consumerPid: pid, providerPid: pid }),
  negotiationTermination: z.looseObject({
    ...message('ContractNegotiationTerminationMessage'),
    ...{ consumerPid: pid, providerPid: pid, code, reason },
  }),
  transferRequest: z.looseObject({
    ...message('TransferRequestMessage'),
    ...{ consumerPid: pid, agreementId: pid, format: z.string().max(100), callbackAddress: address },
    dataAddress: z.looseObject({}).optional(),
  }),
  transferStart: z.looseObject({ ...message('TransferStartMessage'), consumerPid: pid, providerPid: pid }),
  transferSuspension: z.looseObject({
    ...message('TransferSuspensionMessage'),
    consumerPid: pid,
    providerPid: pid,
    code,
    reason,
  }),
  transferCompletion: z.looseObject({ ...message('TransferCompletionMessage'), consumerPid: pid, providerPid: pid }),
  transferTermination: z.looseObject({
    ...message('TransferTerminationMessage'),
    consumerPid: pid,
    providerPid: pid,
    code,
    reason,
  }),
};

/** A message of ours. */
export const saying = <Type extends string, Members extends object>(type: Type, members: Members) => ({
  '@context': [CONTEXT],
  '@type': type,
  ...members,
});

/** Ids of the protocol are URNs of the ids that are stored. */
export const urn = (id: string): string => `urn:uuid:${id}`;

/** The stored id in a URN; null if it is none of ours. */
export const idOf = (written: string): string | null =>
  /^(?:urn:uuid:)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(written)?.[1] ?? null;
