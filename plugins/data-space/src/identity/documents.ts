import type { Http } from '@ilearn/core';
import { type DidDocument, type Relationship, resolve } from './did-web.js';
import { IdentityRefused } from './refused.js';
import { type Claims, verified } from './tokens.js';

/** For so long a document is believed; for a key that it does not have it is fetched anew, but not more often than that. In milliseconds. */
const KEPT_MS = 60_000;
const RENEWED_MS = 10_000;
/** Whoever knows the DID of a partner can make the portal look for it; after a failure it looks no sooner. */
const FAILED_MS = 5_000;
const mostKept = 1_000;

interface Kept {
  document: Promise<DidDocument>;
  at: number;
  failed: boolean;
}

/** By portal and DID; only those of partners and of trusted issuers are ever asked for. */
const documents = new Map<string, Kept>();

/** Forgets all documents, as a process does that starts. */
export const forgetDocuments = (): void => documents.clear();

/** A document, fetched once for all who ask at the same time. @throws IdentityRefused, HttpFailed, HttpRefused */
export function documentOf(http: Http, did: string, portal: string, maxAge = KEPT_MS): Promise<DidDocument> {
  const key = `${portal} ${did}`;
  const known = documents.get(key);
  if (known !== undefined && performance.now() - known.at < (known.failed ? FAILED_MS : maxAge)) return known.document;
  const kept: Kept = { document: resolve(http, did, portal), at: performance.now(), failed: false };
  kept.document.catch(() => {
    kept.failed = true;
  });
  documents.delete(key);
  documents.set(key, kept);
  const [eldest] = documents.keys();
  if (documents.size > mostKept && eldest !== undefined) documents.delete(eldest);
  return kept.document;
}

/**
 * Claims of a token that a key of this DID signed, also a key that its document got since it was fetched.
 *
 * @throws IdentityRefused as {@link verified}
 */
export async function verifiedBy(
  token: string,
  did: string,
  relationship: Relationship,
  { http, portal, now }: { http: Http; portal: string; now: Date },
): Promise<Claims> {
  const document = await documentOf(http, did, portal);
  try {
    return await verified(token, document, relationship, now);
  } catch (error) {
    if (!(error instanceof IdentityRefused && error.check === 'key')) throw error;
    const newer = await documentOf(http, did, portal, RENEWED_MS);
    if (newer === document) throw error;
    return verified(token, newer, relationship, now);
  }
}
