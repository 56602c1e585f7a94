import { type Http, notFound, type Problem, type Read, type Reply, type RouteRequest, reply, routeFor } from '@ilearn/core';
import { z } from 'zod';
import { IdentityRefused, IdentityUnknown, notBelieved, notChecked } from '../identity/refused.js';
import type { SelfIssued } from '../identity/tokens.js';
import { identify } from '../identity/verify.js';
import { tiers } from '../releases/definition.js';
import { afterQuery, pageFrom } from '../releases/page.js';
import { catalogOf, datasetOf, PATH, versionsOf } from './catalog.js';
import type { ProtocolCradle } from './cradle.js';
import { selfIssuedIn } from './identities.js';
import { idOf, messages, saying } from './messages.js';
import { type Negotiation, pidsOf } from './negotiations.js';
import { catalogProblem, negotiationProblem, refused, transferProblem } from './refusals.js';
import type { Transfer } from './transfers.js';

const route = routeFor<ProtocolCradle>();
const answer = z.looseObject({ '@context': z.array(z.string()).max(10), '@type': z.string() });
const errors = Object.fromEntries([400, 401, 403, 404, 405, 409, 413, 415, 500, 503, 504].map((status) => [status, answer]));
const pid = z.object({ pid: z.string().max(300) });

/** Partners have no session; who they are is known from their token (and, of one that they issued themselves, from their DID and credentials), checked before anything is read. */
const ofPartner = (formatProblem: (problem: Problem) => Reply) => ({
  permission: 'public' as const,
  session: false as const,
  bodyLimit: 65_536,
  formatProblem,
  async authorise({ request, services }: { request: RouteRequest; services: ProtocolCradle }): Promise<void> {
    await services.identities.mayBe(request.header('authorization'));
  },
  outside: { seconds: 20, call: prove },
});

/** Finds out who sent a self-issued token, from elsewhere; null: there is none. */
async function prove({ request, read, http, signal }: Outside): Promise<SelfIssued | null> {
  const header = request.header('authorization');
  const token = selfIssuedIn(header);
  if (token === null) return null;
  const known = await read(async ({ identities, portal, clock }) => {
    // Nobody is asked about a token of no partner.
    await identities.mayBe(header);
    const { trust, participant: own } = identities;
    return trust === null ? null : { trust, own, secret: await identities.secret(), portal: portal.url, now: clock.now() };
  });
  if (known === null) return null;
  try {
    return await identify(token, { ...known, http, signal });
  } catch (error) {
    if (error instanceof IdentityUnknown) throw notChecked(error);
    throw error instanceof IdentityRefused ? notBelieved(error) : error;
  }
}

interface Outside {
  request: RouteRequest;
  read: Read<ProtocolCradle>;
  http: Http;
  signal: AbortSignal;
}

/** The partner that sends a message; its self-issued token is of no more use after that. */
const who = ({ services, request, result }: { services: ProtocolCradle; request: RouteRequest; result: SelfIssued | null }) =>
  services.identities.of(request.header('authorization'), result);

const negotiationOf = (found: Negotiation) => saying('ContractNegotiation', { ...pidsOf(found), state: found.state });
const transferOf = (found: Transfer) => saying('TransferProcess', { ...pidsOf(found), state: found.state });
const created = { 201: answer, ...errors };
const read = { 200: answer, ...errors };
const heard = { 200: z.object({}), ...errors };

const catalogRoute = ofPartner(catalogProblem);
const negotiationRoute = ofPartner(negotiationProblem);
const transferRoute = ofPartner(transferProblem);

export const protocolRoutes = [
  route({
    method: 'GET',
    path: '/.well-known/dspace-version',
    summary: 'Versions of the Dataspace Protocol (§4.3)',
    permission: 'public',
    session: false,
    audit: { none: 'It shows no personal data.' },
    responses: { 200: z.looseObject({ protocolVersions: z.array(z.looseObject({})).max(10) }) },
    handler: ({ services: { identities } }) => versionsOf(identities.trust !== null),
  }),
  route({
    method: 'GET',
    path: '/did.json',
    summary: 'DID document of the portal (did:web), if it has one',
    permission: 'public',
    session: false,
    audit: { none: 'It shows no personal data.' },
    responses: { 200: z.looseObject({ id: z.string() }) },
    async handler({ services: { identities } }) {
      if (identities.trust === null) throw notFound();
      return identities.document();
    },
  }),
  route({
    ...catalogRoute,
    method: 'POST',
    path: `${PATH}/catalog/request`,
    summary: 'Catalogue of data sets (CatalogRequestMessage)',
    query: afterQuery,
    body: messages.catalogRequest,
    responses: read,
    async handler({ body, request, result, services }) {
      await who({ services, request, result });
      const { releases, portal, identities } = services;
      if (body.filter !== undefined) throw refused('filter', 'The catalogue has no filter.');
      const { rows, headers } = pageFrom(await releases.published(tiers, request.after()), ({ id }) => [id], request);
      return reply(200, catalogOf(portal.url, identities.participant, rows), headers);
    },
  }),
  route({
    ...catalogRoute,
    method: 'GET',
    path: `${PATH}/catalog/datasets/:pid`,
    summary: 'A data set of the catalogue',
    params: pid,
    responses: read,
    async handler({ params, request, result, services }) {
      await who({ services, request, result });
      const { releases, portal } = services;
      const id = idOf(params.pid);
      return datasetOf(portal.url, await releases.onePublished(id, tiers));
    },
  }),
  route({
    ...negotiationRoute,
    method: 'GET',
    path: `${PATH}/negotiations/:pid`,
    summary: 'State of a negotiation',
    params: pid,
    responses: read,
    handler: async ({ params, request, result, services }) =>
      negotiationOf(await services.negotiations.get(await who({ services, request, result }), params.pid)),
  }),
  route({
    ...negotiationRoute,
    method: 'POST',
    path: `${PATH}/negotiations/request`,
    summary: 'Ask for a contract (ContractRequestMessage)',
    body: messages.contractRequest,
    responses: created,
    async handler({ body, request, result, services }) {
      const { consumerPid, providerPid } = body;
      if (providerPid !== undefined) throw refused('pids', 'A first request has no providerPid.', { consumerPid });
      return reply(201, negotiationOf(await services.negotiations.request(await who({ services, request, result }), body)));
    },
  }),
  ...(
    [
      ['request', 'counter', messages.counterOffer, 'Answer an offer with a request (ContractRequestMessage)'],
      ['agreement/verification', 'verify', messages.verification, 'Verify an agreement (ContractAgreementVerificationMessage)'],
      ['termination', 'terminate', messages.negotiationTermination, 'End a negotiation (ContractNegotiationTerminationMessage)'],
    ] as const
  ).map(([path, move, body, summary]) =>
    route({
      ...negotiationRoute,
      method: 'POST',
      path: `${PATH}/negotiations/:pid/${path}`,
      summary,
      params: pid,
      body: body as z.ZodType<{ consumerPid: string; providerPid: string }>,
      responses: heard,
      async handler({ params, body: told, request, result, services }) {
        await services.negotiations.hear(await who({ services, request, result }), params.pid, move, told);
        return {};
      },
    }),
  ),
  route({
    ...negotiationRoute,
    method: 'POST',
    path: `${PATH}/negotiations/:pid/events`,
    summary: 'Accept an offer (ContractNegotiationEventMessage)',
    params: pid,
    body: messages.negotiationEvent,
    responses: heard,
    async handler({ params, body, request, result, services }) {
      const { consumerPid } = body;
      if (body.eventType !== 'ACCEPTED')
        throw refused('event', 'A consumer accepts, and finalizes nothing.', { consumerPid, providerPid: params.pid });
      await services.negotiations.hear(await who({ services, request, result }), params.pid, 'accept', body);
      return {};
    },
  }),
  route({
    ...transferRoute,
    method: 'GET',
    path: `${PATH}/transfers/:pid`,
    summary: 'State of a transfer',
    params: pid,
    responses: read,
    handler: async ({ params, request, result, services }) =>
      transferOf(await services.transfers.get(await who({ services, request, result }), params.pid)),
  }),
  route({
    ...transferRoute,
    method: 'POST',
    path: `${PATH}/transfers/request`,
    summary: 'Ask for data under an agreement (TransferRequestMessage)',
    body: messages.transferRequest,
    responses: created,
    handler: async ({ body, request, result, services }) =>
      reply(201, transferOf(await services.transfers.request(await who({ services, request, result }), body))),
  }),
  ...(
    [
      ['start', 'start', messages.transferStart, 'Go on after a suspension (TransferStartMessage)'],
      ['suspension', 'suspend', messages.transferSuspension, 'Suspend a transfer (TransferSuspensionMessage)'],
      ['completion', 'complete', messages.transferCompletion, 'Complete a transfer (TransferCompletionMessage)'],
      ['termination', 'terminate', messages.transferTermination, 'End a transfer (TransferTerminationMessage)'],
    ] as const
  ).map(([path, move, body, summary]) =>
    route({
      ...transferRoute,
      method: 'POST',
      path: `${PATH}/transfers/:pid/${path}`,
      summary,
      params: pid,
      body: body as z.ZodType<{ consumerPid: string; providerPid: string }>,
      responses: heard,
      async handler({ params, body: told, request, result, services }) {
        await services.transfers.hear(await who({ services, request, result }), params.pid, move, told);
        return {};
      },
    }),
  ),
  route({
    method: 'GET',
    path: '/data/:id',
    summary: 'Data of a transfer as CSV, with the token of its start',
    permission: 'public',
    session: false,
    params: z.object({ id: z.uuid() }),
    responses: { 200: { description: 'A row for each value', contentType: 'text/csv' } },
    async handler({ params: { id }, request, services: { transfers } }) {
      const { csv, sha256 } = await transfers.data(id, request.header('authorization'));
      return reply(200, csv, { etag: `"${sha256}"`, 'cache-control': 'no-store' });
    },
  }),
];
