import { type Http, notFound, Problem } from '@ilearn/core';
import { PATH, ROOT } from './catalog.js';
import type { ProtocolCradle } from './cradle.js';
import { saying, urn } from './messages.js';
import { type Negotiation, pidsOf, type ToldNegotiation } from './negotiations.js';
import { messageOffer, terms } from './policy.js';
import { negotiationMoves, type TransferMove, transferMoves } from './states.js';
import { FORMAT, type Transfer } from './transfers.js';

export interface Told {
  address: string;
  body: object;
  /** Who is told. */
  partnerId: string;
}

/** A path below an address that may end with a slash. */
const join = (address: string, path: string): string => `${address.replace(/\/+$/, '')}${path}`;

const provided = (code: string | null, reason: unknown[] | null) => ({
  ...(code === null ? {} : { code }),
  ...(reason === null || reason.length === 0 ? {} : { reason }),
});

type Why = { code: string | null; reason: unknown[] | null };

/**
 * The message about a decision; null if the process has gone on since, so that it would be wrong. An agreement is told also to a consumer who
 * has verified it meanwhile: nothing else tells its id.
 */
export async function negotiationMessage(
  { negotiations, identities, knex, portal }: ProtocolCradle,
  id: string,
  move: ToldNegotiation,
): Promise<Told | null> {
  const found = await negotiations.one(id);
  const isTold =
    move === 'agree' ? found.agreementId !== null && found.state !== 'TERMINATED' : found.state === negotiationMoves[move].to;
  if (!isTold) return null;
  const callbackAddress = `${portal.url}${ROOT}${PATH}`;
  const at = (path: string) => join(found.callback, `/negotiations/${encodeURIComponent(found.consumerPid)}${path}`);
  const pids = pidsOf(found);
  const { partnerId } = found;
  // An address would begin a negotiation: with a consumerPid there is none (§7.3.3).
  if (move === 'offer')
    return {
      partnerId,
      address: at('/offers'),
      body: saying('ContractOfferMessage', { ...pids, offer: messageOffer(found.releaseId) }),
    };
  if (move === 'agree') {
    const agreement = await agreementOf(knex, found, identities.participant);
    return {
      partnerId,
      address: at('/agreement'),
      body: saying('ContractAgreementMessage', { ...pids, agreement, callbackAddress }),
    };
  }
  if (move === 'finalize') {
    return {
      partnerId,
      address: at('/events'),
      body: saying('ContractNegotiationEventMessage', { ...pids, eventType: 'FINALIZED' }),
    };
  }
  const { code, reason }: Why = await knex('negotiations').where({ id }).first('code', 'reason');
  return {
    partnerId,
    address: at('/termination'),
    body: saying('ContractNegotiationTerminationMessage', { ...pids, ...provided(code, reason) }),
  };
}

async function agreementOf(knex: ProtocolCradle['knex'], { agreementId, releaseId, partnerId }: Negotiation, assigner: string) {
  const agreement = await knex('agreements').where({ id: agreementId }).first('agreed_at');
  const partner = await knex('partners').where({ id: partnerId }).first('participant');
  if (agreement === undefined || partner === undefined) throw notFound();
  return {
    ...{
      '@id': urn(agreementId as string),
      '@type': 'Agreement',
      target: urn(releaseId),
      assigner,
      assignee: partner.participant,
    },
    timestamp: agreement.agreed_at.toISOString(),
    ...terms,
  };
}

export async function transferMessage(
  { transfers, knex, portal }: ProtocolCradle,
  id: string,
  move: TransferMove,
): Promise<Told | null> {
  const found = await transfers.one(id);
  if (found.state !== transferMoves[move].to) return null;
  const at = (path: string) => join(found.callback, `/transfers/${encodeURIComponent(found.consumerPid)}${path}`);
  const pids = pidsOf(found);
  const { partnerId } = found;
  if (move === 'start') {
    const dataAddress = addressOf(portal.url, found, await transfers.tokenOf(found));
    return { partnerId, address: at('/start'), body: saying('TransferStartMessage', { ...pids, dataAddress }) };
  }
  if (move === 'complete') return { partnerId, address: at('/completion'), body: saying('TransferCompletionMessage', pids) };
  const { code, reason }: Why = await knex('transfers').where({ id }).first('code', 'reason');
  const [type, path] =
    move === 'suspend'
      ? (['TransferSuspensionMessage', '/suspension'] as const)
      : (['TransferTerminationMessage', '/termination'] as const);
  return { partnerId, address: at(path), body: saying(type, { ...pids, ...provided(code, reason) }) };
}

/** Where and with which token the consumer fetches the data. */
const addressOf = (portal: string, { id }: Transfer, token: string) => ({
  '@type': 'DataAddress',
  endpointType: FORMAT,
  endpoint: `${portal}${ROOT}/data/${id}`,
  endpointProperties: [
    { '@type': 'EndpointProperty', name: 'authorization', value: token },
    { '@type': 'EndpointProperty', name: 'authType', value: 'bearer' },
  ],
});

/**
 * Sends a message once. The address was given by the consumer: the service `http` calls public hosts only, at the address that it checked, and
 * follows no redirect. What the answer says is not read.
 *
 * @param authorization by which the consumer knows the portal; null: it has nothing
 * @throws Problem if the answer is not 2xx; then the job tries again
 */
export async function sendMessage(
  http: Http,
  { address, body, authorization }: Told & { authorization: string | null },
  signal: AbortSignal,
): Promise<void> {
  const { status } = await http.fetch(address, {
    ...{ method: 'POST', body: JSON.stringify(body) },
    headers: { 'content-type': 'application/json', ...(authorization === null ? {} : { authorization }) },
    ...{ timeoutMs: 10_000, maxBytes: 64 * 1024, retries: 0, redirects: 0, signal },
  });
  if (status >= 200 && status < 300) return;
  throw new Problem({ type: 'data-space/callback', status: 502, title: 'The consumer did not take the message' });
}
