import { type Http, HttpFailed, HttpRefused } from '@ilearn/core';
import { z } from 'zod';
import { checkCredential, credentialOf, credentialsIn, isSet, issuerOf, type StatusEntry } from './credentials.js';
import { serviceOf } from './did-web.js';
import { documentOf, verifiedBy } from './documents.js';
import { IdentityRefused, IdentityUnknown } from './refused.js';
import { claimed, issue, longestToken, type SelfIssued, selfIssued } from './tokens.js';

/** Which credentials are believed. */
export interface Trust {
  /** DIDs of the authorities whose credentials count. */
  issuers: readonly string[];
  /** Type of the credential that a partner must have. */
  credential: string;
}

interface With {
  http: Http;
  portal: string;
  /** DID of the portal, and the secret of its key. */
  own: string;
  secret: Uint8Array;
  trust: Trust;
  now: Date;
  signal: AbortSignal;
}

/** Status lists by address: each is fetched once for a message. */
type Checking = With & { lists: Map<string, Promise<string>> };

const CONTEXT = 'https://w3id.org/dspace-dcp/v1.0/dcp.jsonld';
const response = z.looseObject({
  type: z.literal('PresentationResponseMessage'),
  presentation: z.union([z.array(z.unknown()).max(3), z.unknown().transform((one) => [one])]),
});

/**
 * Who sent a self-issued ID token, after its key, its claims, and a credential of the sender were checked (DCP 1.0.1 §4.3.3, §5). Whether its `jti` came
 * before is for the caller to look at.
 *
 * @throws IdentityRefused for whatever is not as it must be; IdentityUnknown while an address does not answer
 */
export async function identify(token: string, needs: With): Promise<SelfIssued> {
  try {
    const { sub = '' } = claimed(token);
    const sender = selfIssued(await verifiedBy(token, sub, 'capabilityInvocation', needs), needs.own, needs.now);
    await checkMember(sender, { ...needs, lists: new Map() });
    return sender;
  } catch (error) {
    if (error instanceof HttpFailed && isOutage(error)) throw new IdentityUnknown(error.host);
    if (error instanceof HttpFailed || error instanceof HttpRefused)
      throw new IdentityRefused('did', `${error.host} did not answer as it must.`);
    throw error;
  }
}

const isOver = (status: number | undefined): boolean => status !== undefined && (status >= 500 || status === 429);
/** Whether it may succeed later: nothing that was answered is wrong. */
const isOutage = ({ reason, status }: HttpFailed): boolean =>
  isOver(status) || reason === 'unreachable' || reason === 'timeout' || reason === 'breaker-open';

/** @throws IdentityRefused unless all credentials that the sender presents are good, and one of them is the one that is asked for */
async function checkMember(sender: SelfIssued, needs: Checking): Promise<void> {
  const { trust, own } = needs;
  const types: string[] = [];
  for (const presented of await presentationsOf(sender, needs)) {
    const claims = await verifiedBy(presented, sender.did, 'authentication', needs);
    for (const one of credentialsIn(claims, sender.did, own)) types.push(...(await typesOf(one, sender.did, needs)));
  }
  if (!types.includes(trust.credential)) throw new IdentityRefused('credential', `There is no ${trust.credential}.`);
}

async function presentationsOf({ did, token }: SelfIssued, needs: With): Promise<string[]> {
  const { http, own, secret, trust, now, signal } = needs;
  const document = await documentOf(http, did, needs.portal);
  const authorization = `Bearer ${await issue({ secret, own, audience: did, token }, now)}`;
  const scope = [`org.eclipse.dspace.dcp.vc.type:${trust.credential}`];
  const { presentation } = await http.json(`${serviceOf(document, 'CredentialService')}/presentations/query`, response, {
    ...{ method: 'POST', headers: { authorization, 'content-type': 'application/json' } },
    body: JSON.stringify({ '@context': [CONTEXT], type: 'PresentationQueryMessage', scope }),
    ...{ timeoutMs: 5_000, maxBytes: 256 * 1024, retries: 0, redirects: 0, signal },
  });
  if (presentation.length === 0 || presentation.some((each) => typeof each !== 'string' || each.length > 10 * longestToken))
    throw new IdentityRefused('presentation', 'It must be a list of JSON Web Tokens, which is not empty.');
  return presentation as string[];
}

/** Types of a good credential. @throws IdentityRefused for any other */
async function typesOf(token: string, holder: string, needs: Checking): Promise<string[]> {
  const issuer = issuerOf(claimed(token));
  if (!needs.trust.issuers.includes(issuer)) throw new IdentityRefused('credential', 'Its issuer is not trusted here.');
  const claims = await verifiedBy(token, issuer, 'assertionMethod', needs);
  const found = credentialOf(claims);
  checkCredential(claims, found, holder, needs.now);
  for (const entry of found.credentialStatus) await checkStatus(entry, issuer, needs);
  return found.type;
}

/** @throws IdentityRefused if the issuer of a credential took it back, or its list cannot be read */
async function checkStatus(entry: StatusEntry, issuer: string, needs: Checking): Promise<void> {
  const { statusListCredential: address, statusPurpose } = entry;
  const known = needs.lists.get(address) ?? listAt(address, needs);
  needs.lists.set(address, known);
  const token = await known;
  if (issuerOf(claimed(token)) !== issuer) throw new IdentityRefused('status', 'There is no status list of the issuer.');
  const claims = await verifiedBy(token, issuer, 'assertionMethod', needs);
  if (isSet(claims, entry, needs.now)) throw new IdentityRefused('status', `The credential has the status ${statusPurpose}.`);
}

/** @throws IdentityRefused if there is none; IdentityUnknown while it is out of order */
async function listAt(address: string, { http, signal }: With): Promise<string> {
  const limits = { timeoutMs: 5_000, maxBytes: 512 * 1024, retries: 0, redirects: 0, signal };
  const answer = await http.fetch(address, { headers: { accept: 'application/vc+jwt' }, ...limits });
  if (isOver(answer.status)) throw new IdentityUnknown(new URL(address).host);
  if (answer.status !== 200) throw new IdentityRefused('status', 'There is no status list of the issuer.');
  return (await answer.text()).trim();
}
