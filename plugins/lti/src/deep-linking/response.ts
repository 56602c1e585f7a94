import type { Http } from '@ilearn/core';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Registration } from '../registrations/registration.js';
import { explainVerification } from '../tokens/assertion-errors.js';
import { keysOfTool } from '../tokens/tool-keys.js';
import { type AddressCheck, type ChosenItem, readItem, textOf } from './content-item.js';

const leewaySeconds = 60;
const lti = (claim: string) => `https://purl.imsglobal.org/spec/lti/claim/${claim}`;
const dl = (claim: string) => `https://purl.imsglobal.org/spec/lti-dl/claim/${claim}`;

/** Why a response is refused. The codes must not change: the preview, the trace and the documentation use them. */
export const responseFaults = [
  'response-missing',
  'response-malformed',
  'issuer-mismatch',
  'audience-mismatch',
  'algorithm-refused',
  'jwks-unreachable',
  'jwks-invalid',
  'key-unknown',
  'key-ambiguous',
  'key-unusable',
  'key-too-short',
  'signature-invalid',
  'response-expired',
  'response-from-future',
  'claim-invalid',
  'nonce-missing',
  'nonce-replayed',
  'message-type-wrong',
  'version-wrong',
  'deployment-mismatch',
  'data-mismatch',
  'items-invalid',
  'tool-error',
  'client-unknown',
] as const;
export type ResponseFault = (typeof responseFaults)[number];

export class ResponseRefused extends Error {
  constructor(readonly code: ResponseFault) {
    super(code);
    this.name = 'ResponseRefused';
  }
}

/** A response whose signature and standard claims are verified. */
export interface VerifiedResponse {
  payload: JWTPayload;
}

/**
 * Verifies that the tool signed the response for this platform (Deep Linking 2.0 §3.3; Security Framework 1.0 §5.2.2). May fetch the tool's
 * keys, so call it outside a unit of work.
 *
 * @throws ResponseRefused
 */
export async function verifyResponse(
  jwt: unknown,
  { registration, portalUrl, now, http }: { registration: Registration; portalUrl: string; now: Date; http: Http },
): Promise<VerifiedResponse> {
  if (typeof jwt !== 'string' || jwt === '') throw new ResponseRefused('response-missing');
  let claims: JWTPayload;
  try {
    claims = decodeJwt(jwt);
  } catch {
    throw new ResponseRefused('response-malformed');
  }
  if (claims.iss !== registration.clientId) throw new ResponseRefused('issuer-mismatch');
  const keys = keysOfTool(http, registration.jwksUrl);
  try {
    const { payload } = await jwtVerify(jwt, keys, {
      algorithms: ['RS256'],
      issuer: registration.clientId,
      audience: [portalUrl, `${portalUrl}/`],
      clockTolerance: leewaySeconds,
      currentDate: now,
      requiredClaims: ['exp', 'iat'],
    });
    return { payload };
  } catch (error) {
    if (error instanceof errors.JWTExpired) throw new ResponseRefused('response-expired');
    const { code } = explainVerification(error, { assertion: jwt, tokenEndpoint: portalUrl, keySet: keys.jwks() });
    throw new ResponseRefused(code === 'assertion-malformed' ? 'response-malformed' : (code as ResponseFault));
  }
}

/** What a teacher chose. */
export interface Chosen {
  items: ChosenItem[];
  /** Message of the tool for the teacher (`msg`); null: none. */
  message: string | null;
  nonce: string;
  expiresAt: Date;
}

/**
 * Checks the claims of a response (Deep Linking 2.0 §3.4).
 *
 * @param expected the deployment, and the `data` that the request carried
 * @throws ResponseRefused with the first check that fails
 */
export function readResponse(
  { payload }: VerifiedResponse,
  expected: { deploymentId: string; data: string; now: Date; isUsable: AddressCheck },
): Chosen {
  if ((payload.iat as number) * 1000 > expected.now.getTime() + leewaySeconds * 1000) {
    throw new ResponseRefused('response-from-future');
  }
  const { nonce } = payload;
  if (typeof nonce !== 'string' || nonce === '') throw new ResponseRefused('nonce-missing');
  if (payload[lti('message_type')] !== 'LtiDeepLinkingResponse') throw new ResponseRefused('message-type-wrong');
  if (payload[lti('version')] !== '1.3.0') throw new ResponseRefused('version-wrong');
  if (payload[lti('deployment_id')] !== expected.deploymentId) throw new ResponseRefused('deployment-mismatch');
  if (payload[dl('data')] !== expected.data) throw new ResponseRefused('data-mismatch');
  // Without items the teacher chose nothing.
  const items = payload[dl('content_items')] ?? [];
  if (!Array.isArray(items)) throw new ResponseRefused('items-invalid');
  if (textIn(payload, 'errormsg') !== null && items.length === 0) throw new ResponseRefused('tool-error');
  return {
    items: items.slice(0, 200).map((item, index) => readItem(item, index, expected.isUsable)),
    message: textIn(payload, 'msg') ?? textIn(payload, 'errormsg'),
    nonce,
    expiresAt: new Date((payload.exp as number) * 1000),
  };
}

function textIn(payload: JWTPayload, claim: 'msg' | 'errormsg'): string | null {
  return textOf(payload[dl(claim)], 300) || null;
}
