import { Ajv2019 } from 'ajv/dist/2019.js';
import { expect } from 'vitest';

/*
 * What the Dataspace Protocol 2025-1 requires of messages, as JSON Schemas (2019-09). They are written here from its tables of properties
 * (§5.3, §7.3, §9.3 and Appendix A) and decided issues of the specification, not copied: members that they do not name are allowed.
 */

type Schema = Record<string, unknown>;
const text = { type: 'string' };
const ref = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
const list = (items: Schema): Schema => ({ type: 'array', items, minItems: 1 });
const object = (properties: Schema, required: readonly string[]): Schema => ({ type: 'object', properties, required });
const hasRules = { anyOf: [{ required: ['permission'] }, { required: ['prohibition'] }] };
const is = (type: string): Schema => ({ properties: { '@type': { const: type } }, required: ['@type'] });
const rule = (more: Schema): Schema =>
  object({ action: text, constraint: { type: 'array', items: ref('constraint') }, ...more }, ['action']);
const duties = { type: 'array', items: ref('duty') };
const logical = ['and', 'andSequence', 'or', 'xone'];
const operators = 'eq gt gteq lteq hasPart isA isAllOf isAnyOf isNoneOf isPartOf lt term-lteq neq';

/** What offers and agreements are made of (Appendix A: a restriction of ODRL). */
const parts = {
  context: { type: 'array', items: text, contains: { const: 'https://w3id.org/dspace/2025/1/context.jsonld' } },
  reasons: { type: 'array', minItems: 1 },
  policy: object(
    { '@id': text, permission: list(ref('permission')), prohibition: list(ref('prohibition')), obligation: list(ref('duty')) },
    ['@id'],
  ),
  permission: rule({ duty: duties }),
  prohibition: rule({ remedy: duties }),
  duty: rule({ consequence: duties }),
  constraint: {
    type: 'object',
    oneOf: [
      {
        properties: Object.fromEntries(logical.map((name) => [name, { type: 'array', items: ref('constraint') }])),
        oneOf: logical.map((name) => ({ required: [name] })),
      },
      object(
        { leftOperand: text, operator: { enum: operators.split(' ') }, rightOperand: { type: ['string', 'object', 'array'] } },
        [...['leftOperand', 'operator', 'rightOperand']],
      ),
    ],
  },
  /** In a catalogue: the data set has the offer, so it has no target. */
  catalogOffer: {
    allOf: [ref('policy'), hasRules, { properties: { '@type': { const: 'Offer' } } }],
    not: { required: ['target'] },
  },
  messageOffer: { allOf: [ref('policy'), hasRules, is('Offer'), object({ target: text }, ['target'])] },
  agreement: {
    allOf: [
      ...[ref('policy'), hasRules, is('Agreement')],
      object({ target: text, assigner: text, assignee: text, timestamp: { type: 'string', format: 'date-time' } }, [
        ...['target', 'assigner', 'assignee', 'timestamp'],
      ]),
    ],
  },
  service: { allOf: [is('DataService'), object({ '@id': text, endpointURL: text }, ['@id', 'endpointURL'])] },
  distribution: object({ format: text, accessService: { oneOf: [text, ref('service')] }, hasPolicy: list(ref('catalogOffer')) }, [
    ...['format', 'accessService'],
  ]),
  dataset: object({ '@id': text, hasPolicy: list(ref('catalogOffer')), distribution: list(ref('distribution')) }, [
    ...['@id', 'hasPolicy', 'distribution'],
  ]),
  dataAddress: {
    allOf: [
      is('DataAddress'),
      object(
        {
          ...{ endpointType: text, endpoint: text },
          endpointProperties: list({ allOf: [is('EndpointProperty'), object({ name: text, value: text }, ['name', 'value'])] }),
        },
        ['endpointType', 'endpoint'],
      ),
    ],
  },
};

const pids = { consumerPid: text, providerPid: text };
const both = Object.keys(pids);
const why = { code: text, reason: ref('reasons') };
const oneOf = (...names: string[]) => ({ oneOf: names.map((name) => ({ required: [name] })) });
const negotiationStates = ['REQUESTED', 'OFFERED', 'ACCEPTED', 'AGREED', 'VERIFIED', 'FINALIZED', 'TERMINATED'];
const transferStates = ['REQUESTED', 'STARTED', 'COMPLETED', 'SUSPENDED', 'TERMINATED'];
const offered = { oneOf: [ref('messageOffer'), { ...object({ '@id': text }, ['@id']), not: hasRules }] };

/** Beside `@context` and `@type`, of each message. */
const messages: Record<string, Schema> = {
  CatalogRequestMessage: object({ filter: { type: 'array' } }, []),
  Catalog: object({ '@id': text, participantId: text, service: list(ref('service')), dataset: list(ref('dataset')) }, [
    ...['@id', 'participantId', 'service'],
  ]),
  Dataset: ref('dataset'),
  CatalogError: object(why, []),
  // An address begins a negotiation, a pid goes on with one.
  ContractRequestMessage: {
    ...object({ ...pids, offer: offered, callbackAddress: text }, ['consumerPid', 'offer']),
    ...oneOf('callbackAddress', 'providerPid'),
  },
  ContractOfferMessage: {
    ...object({ ...pids, offer: ref('messageOffer'), callbackAddress: text }, ['providerPid', 'offer']),
    ...oneOf('callbackAddress', 'consumerPid'),
  },
  ContractAgreementMessage: object({ ...pids, agreement: ref('agreement') }, [...both, 'agreement']),
  ContractAgreementVerificationMessage: object(pids, both),
  ContractNegotiationEventMessage: object({ ...pids, eventType: { enum: ['ACCEPTED', 'FINALIZED'] } }, [...both, 'eventType']),
  ContractNegotiationTerminationMessage: object({ ...pids, ...why }, both),
  ContractNegotiation: object({ ...pids, state: { enum: negotiationStates } }, [...both, 'state']),
  ContractNegotiationError: object({ ...pids, ...why }, both),
  TransferRequestMessage: object(
    { consumerPid: text, agreementId: text, format: text, callbackAddress: text, dataAddress: ref('dataAddress') },
    ['consumerPid', 'agreementId', 'format', 'callbackAddress'],
  ),
  TransferStartMessage: object({ ...pids, dataAddress: ref('dataAddress') }, both),
  TransferSuspensionMessage: object({ ...pids, ...why }, both),
  TransferCompletionMessage: object(pids, both),
  TransferTerminationMessage: object({ ...pids, ...why }, both),
  TransferProcess: object({ ...pids, state: { enum: transferStates } }, [...both, 'state']),
  TransferError: object({ ...pids, ...why }, both),
};

const ajv = new Ajv2019({
  allErrors: true,
  strict: false,
  formats: { 'date-time': (written: string) => !Number.isNaN(Date.parse(written)) },
});
const compiled = new Map(
  Object.entries(messages).map(([type, schema]) => {
    const whole = { allOf: [is(type), object({ '@context': ref('context') }, ['@context']), schema] };
    return [type, ajv.compile({ type: 'object', ...whole, $defs: parts })];
  }),
);
const checkVersions = ajv.compile(
  object(
    {
      protocolVersions: list(object({ version: text, path: text, binding: { const: 'HTTPS' } }, ['version', 'path', 'binding'])),
    },
    ['protocolVersions'],
  ),
);

/** What is wrong with a message, in words; empty: nothing. */
export function faultsOf(message: unknown): string[] {
  const type = (message as { '@type'?: string } | null)?.['@type'] ?? '';
  const check = compiled.get(type);
  if (check === undefined) return [`The protocol has no message "${type}".`];
  return check(message) ? [] : (check.errors ?? []).map(({ instancePath, message: said }) => `${type}${instancePath} ${said}`);
}

/** Which messages answer a request to a path of the protocol. */
const answers = [
  [/^\/catalog\//, ['Catalog', 'Dataset'], 'CatalogError'],
  [/^\/negotiations\//, ['ContractNegotiation'], 'ContractNegotiationError'],
  [/^\/transfers\//, ['TransferProcess'], 'TransferError'],
] as const;

/** Fails unless an answer below `/dsp/2025-1` is as the protocol says: its message, or its error. An acknowledgement has no body to check. */
export function checkAnswer(path: string, status: number, body: unknown): void {
  const [, good, bad] = answers.find(([pattern]) => pattern.test(path)) ?? [null, [], ''];
  const type = (body as { '@type'?: string })['@type'];
  if (status >= 400) expect(type, `${status} of ${path}`).toBe(bad);
  else if (type === undefined) return;
  else expect(good, path).toContain(type);
  expect(faultsOf(body), path).toEqual([]);
}

export function checkVersionsAnswer(body: unknown): void {
  expect(checkVersions(body), JSON.stringify(checkVersions.errors)).toBe(true);
}
