import { decodeProtectedHeader, errors, type JSONWebKeySet } from 'jose';
import { KeySetError } from './tool-keys.js';

/** A tool could not be authenticated. The `error_description` of the response begins with the code. */
export class InvalidClient extends Error {
  /** Key of the registration, if known. */
  tool: string | null = null;
  /** Id of the registration, if known. */
  registrationId: string | null = null;

  constructor(
    readonly code: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${reason}`, options);
    this.name = 'InvalidClient';
  }
}

export interface VerificationContext {
  assertion: string;
  tokenEndpoint: string;
  /** The tool's key set, if it was fetched. */
  keySet: JSONWebKeySet | undefined;
}

/** Says why `jwtVerify` failed, for the administrator of the tool. */
export function explainVerification(error: unknown, { assertion, tokenEndpoint, keySet }: VerificationContext): InvalidClient {
  if (error instanceof KeySetError) {
    return new InvalidClient(error.code, `the registered JWKS address ${error.message}`, { cause: error.cause });
  }
  if (error instanceof errors.JWKSTimeout) {
    return new InvalidClient('jwks-unreachable', 'the registered JWKS address did not answer in time', { cause: error });
  }
  if (error instanceof errors.JWTExpired) return new InvalidClient('assertion-expired', 'exp has passed');
  if (error instanceof errors.JWTClaimValidationFailed) return ofClaim(error.claim, tokenEndpoint);
  if (error instanceof errors.JOSEAlgNotAllowed) return new InvalidClient('algorithm-refused', 'alg must be RS256');
  if (error instanceof errors.JWSSignatureVerificationFailed) {
    return new InvalidClient('signature-invalid', 'the signature does not match the key');
  }
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return new InvalidClient('assertion-malformed', 'client_assertion is not a signed JWT');
  }
  return ofKey(error, assertion, keySet);
}

function ofClaim(claim: string, tokenEndpoint: string): InvalidClient {
  if (claim === 'aud') return new InvalidClient('audience-mismatch', `aud must be ${tokenEndpoint}`);
  if (claim === 'sub') return new InvalidClient('subject-mismatch', 'sub must be the client id, as iss');
  if (claim === 'jti') return jtiMissing();
  return new InvalidClient('claim-invalid', `${claim} is missing or invalid`);
}

export const jtiMissing = (): InvalidClient =>
  new InvalidClient('jti-missing', 'jti must be a text that is different in each assertion');

/** What is wrong with the key that the header selects in the fetched key set. */
function ofKey(error: unknown, assertion: string, keySet: JSONWebKeySet | undefined): InvalidClient {
  const { kid } = decodeProtectedHeader(assertion);
  const named = keySet?.keys.filter((key) => key.kid === kid) ?? [];
  if (error instanceof errors.JWKSNoMatchingKey) {
    if (kid === undefined) return new InvalidClient('key-unknown', 'the key set has no key for RS256 signatures');
    if (named.length === 0) return new InvalidClient('key-unknown', 'kid names no key at the registered JWKS address');
    return new InvalidClient(
      'key-unusable',
      'the key that kid names is not for RS256 signatures: see its kty, use, alg and key_ops',
    );
  }
  if (error instanceof errors.JWKSMultipleMatchingKeys) {
    const reason =
      kid === undefined
        ? 'the header must name a kid, because the key set has several keys'
        : 'the key set has more than one key with the kid that the header names';
    return new InvalidClient('key-ambiguous', reason);
  }
  if (error instanceof TypeError && /modulusLength/.test(error.message)) {
    return new InvalidClient('key-too-short', 'an RS256 key must have at least 2048 bits (RFC 7518 §3.3)', { cause: error });
  }
  return new InvalidClient('key-unusable', 'the key that kid names is not a valid RSA public key', { cause: error });
}
