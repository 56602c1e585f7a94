import type { Http } from '@ilearn/core';
import { z } from 'zod';
import { IdentityRefused } from './refused.js';

const method = z.looseObject({
  id: z.string().max(1_000),
  controller: z.string().max(1_000),
  publicKeyJwk: z.record(z.string(), z.unknown()),
});
const reference = z.union([z.string().max(1_000), z.looseObject({ id: z.string().max(1_000) })]);
const references = z.array(reference).max(50).optional();

/** What is read of a DID document (DID Core 1.0 §5). Methods without a JWK are left out. */
const didDocument = z.looseObject({
  id: z.string().max(1_000),
  verificationMethod: z
    .array(z.unknown())
    .max(50)
    .transform((all) => all.flatMap((each) => method.safeParse(each).data ?? [])),
  authentication: references,
  assertionMethod: references,
  capabilityInvocation: references,
  service: z
    .array(z.looseObject({ type: z.union([z.string(), z.array(z.string())]), serviceEndpoint: z.unknown() }))
    .max(50)
    .default([]),
});
export type DidDocument = z.output<typeof didDocument>;
export type Relationship = 'authentication' | 'assertionMethod' | 'capabilityInvocation';

const segment = /^[\w.-]+$/;

/**
 * Where the document of a `did:web` is (did:web §3.2). Over http only on this machine, for a portal that is on it too.
 *
 * @param portal address of the portal
 * @throws IdentityRefused for another method, or an address that is none
 */
export function addressOf(did: string, portal: string): string {
  const [, written = '', ...path] = /^did:web:/.test(did) ? did.slice('did'.length).split(':').slice(1) : [];
  const host = written.replace(/%3A/i, ':');
  if (!/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?(:\d{1,5})?$/i.test(host)) throw new IdentityRefused('did', 'It is no did:web.');
  if (path.some((each) => !segment.test(each) || /^\.+$/.test(each))) throw new IdentityRefused('did', 'It is no did:web.');
  const isHere = /^localhost(:|$)/.test(host) && /^http:\/\/(localhost|127\.0\.0\.1)(:|$)/.test(portal);
  const root = `${isHere ? 'http' : 'https'}://${host}`;
  return path.length === 0 ? `${root}/.well-known/did.json` : `${root}/${path.join('/')}/did.json`;
}

/** The DID of a portal: its document is at `<portal>/api/data-space/did.json`. */
export const didOf = (portal: string): string => `did:web:${new URL(portal).host.replace(':', '%3A')}:api:data-space`;

/** Fetches and reads the document of a DID. @throws IdentityRefused unless the document is about this DID */
export async function resolve(http: Http, did: string, portal: string): Promise<DidDocument> {
  const limits = { timeoutMs: 5_000, maxBytes: 64 * 1024, retries: 0, redirects: 0 };
  const document = await http.json(addressOf(did, portal), didDocument, limits);
  if (document.id !== did) throw new IdentityRefused('did', 'The document is about another DID.');
  return document;
}

/**
 * The key that a token names, for what it is used for (DCP 1.0.1 §4.3.3). Without a name, the only one.
 *
 * @param kid of the token: a DID URL of this DID, or its fragment
 * @throws IdentityRefused if there is none, it is no public key, or the document does not let it be used for this
 */
export function keyOf(document: DidDocument, kid: string | undefined, relationship: Relationship): Record<string, unknown> {
  const { id, verificationMethod: methods } = document;
  const absolute = (written: string) => (written.startsWith('did:') ? written : `${id}#${written.replace(/^#/, '')}`);
  const found =
    kid === undefined
      ? methods.length === 1
        ? methods[0]
        : undefined
      : methods.find((each) => absolute(each.id) === absolute(kid));
  if (found === undefined || !absolute(found.id).startsWith(`${id}#`) || found.controller !== id)
    throw new IdentityRefused('key', 'The DID has no such key.');
  const allowed = (document[relationship] ?? []).map((each) => absolute(typeof each === 'string' ? each : each.id));
  if (!allowed.includes(absolute(found.id))) throw new IdentityRefused('key', `The key is not for ${relationship}.`);
  const { publicKeyJwk: key } = found;
  if ('d' in key || 'k' in key || key['kty'] === 'oct') throw new IdentityRefused('key', 'It is no public key.');
  return key;
}

/** Base address of the service of a type. @throws IdentityRefused if the document has none */
export function serviceOf({ service }: DidDocument, type: string): string {
  const found = service.find((each) => [each.type].flat().includes(type))?.serviceEndpoint;
  if (typeof found !== 'string' || !URL.canParse(found) || /[?#]/.test(found))
    throw new IdentityRefused('service', `The DID names no ${type}.`);
  return found.replace(/\/+$/, '');
}
