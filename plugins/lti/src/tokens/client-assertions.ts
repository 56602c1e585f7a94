import { createHash } from 'node:crypto';
import { decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { Knex } from 'knex';
import type { Cradle } from '../cradle.js';
import { platformEndpoints } from '../platform.js';
import type { Registration } from '../registrations/registration.js';
import { keysOfTool } from './tool-keys.js';

const leewaySeconds = 60;
/** Longest life of an assertion; its `jti` is remembered until then. */
const longestSeconds = 3600;

/** Why a tool is not recognised; the code stands in the answer's `error_description`. */
export class InvalidClient extends Error {
  /** The tool's key, where it is known. */
  tool: string | null = null;

  constructor(
    readonly code: string,
    readonly reason: string,
    options?: ErrorOptions,
  ) {
    super(`${code}: ${reason}`, options);
    this.name = 'InvalidClient';
  }
}

/** An assertion that a tool signed. */
export interface SignedAssertion {
  registration: Registration;
  payload: JWTPayload;
}

/** Recognises tools by a JWT that they signed: private_key_jwt (RFC 7523 §3; 1EdTech Security Framework 1.0 §4.1.1). */
export class ClientAssertions {
  readonly #knex: Knex;
  readonly #registrations: Cradle['registrations'];
  readonly #clock: Cradle['clock'];

  constructor({ knex, registrations, clock }: Cradle) {
    this.#knex = knex;
    this.#registrations = registrations;
    this.#clock = clock;
  }

  /**
   * The tool that an assertion says it is from.
   *
   * @throws InvalidClient
   */
  async claimed(assertion: string): Promise<Registration> {
    const registration = await this.#registrations.activeByClientId(issuerOf(assertion));
    if (registration === null) throw unknownClient();
    return registration;
  }

  /**
   * Uses up an assertion whose signature was found to be the tool's; each serves once. Returns the tool as it is now.
   *
   * @throws InvalidClient
   */
  async use({ registration: { clientId, jwksUrl }, payload }: SignedAssertion): Promise<Registration> {
    const registration = await this.#registrations.activeByClientId(clientId);
    // It may have been switched off, or given other keys, while its keys were fetched.
    if (registration === null || registration.jwksUrl !== jwksUrl) throw unknownClient();
    await this.#use(registration.id, payload);
    return registration;
  }

  async #use(registrationId: string, { exp, iat, jti }: JWTPayload): Promise<void> {
    const now = Math.floor(this.#clock.now().getTime() / 1000);
    if (typeof jti !== 'string' || jti === '')
      throw new InvalidClient('jti-missing', 'jti must be a text that is never used again');
    if (iat === undefined || iat > now + leewaySeconds)
      throw new InvalidClient('assertion-from-future', 'iat lies in the future');
    if (exp === undefined || exp > now + longestSeconds + leewaySeconds) {
      throw new InvalidClient('assertion-too-long', `exp must be within ${longestSeconds} seconds`);
    }
    const fresh = await this.#knex('used_assertions')
      .insert({
        registration_id: registrationId,
        jti_hash: createHash('sha256').update(jti).digest(),
        expires_at: new Date((exp + leewaySeconds) * 1000),
      })
      .onConflict(['registration_id', 'jti_hash'])
      .ignore()
      .returning('jti_hash');
    if (fresh.length === 0) throw new InvalidClient('jti-replayed', 'an assertion with this jti was used before');
  }

  /** Forgets assertions that have expired anyway. */
  async clearExpired(): Promise<void> {
    await this.#knex('used_assertions').where('expires_at', '<=', this.#knex.fn.now()).delete();
  }
}

/**
 * Whether the tool signed it. Its keys may have to be fetched: call this while no unit of work is open.
 *
 * @throws InvalidClient
 */
export async function verifySignature(
  assertion: string,
  { registration, portalUrl, now }: { registration: Registration; portalUrl: string; now: Date },
): Promise<SignedAssertion> {
  const { clientId, jwksUrl } = registration;
  const { issuer, token_endpoint: tokenEndpoint } = platformEndpoints(portalUrl);
  try {
    const { payload } = await jwtVerify(assertion, keysOfTool(jwksUrl), {
      algorithms: ['RS256'],
      issuer: clientId,
      subject: clientId,
      audience: [tokenEndpoint, issuer],
      clockTolerance: leewaySeconds,
      currentDate: now,
      requiredClaims: ['exp', 'iat', 'jti'],
    });
    return { registration, payload };
  } catch (error) {
    throw Object.assign(explain(error, tokenEndpoint), { tool: registration.key });
  }
}

const unknownClient = () => new InvalidClient('client-unknown', 'iss is no client id of this platform');

function issuerOf(assertion: string): string {
  try {
    const { iss } = decodeJwt(assertion);
    if (typeof iss === 'string') return iss;
  } catch {
    // Told below, with the same words as a token without an issuer.
  }
  throw new InvalidClient('assertion-malformed', 'client_assertion must be a JWT whose iss is the client id');
}

function explain(error: unknown, tokenEndpoint: string): InvalidClient {
  if (error instanceof errors.JWTExpired) return new InvalidClient('assertion-expired', 'exp has passed');
  if (error instanceof errors.JWTClaimValidationFailed) {
    if (error.claim === 'aud') return new InvalidClient('audience-mismatch', `aud must be ${tokenEndpoint}`);
    if (error.claim === 'sub') return new InvalidClient('subject-mismatch', 'sub must be the client id, as iss');
    if (error.claim === 'jti') return new InvalidClient('jti-missing', 'jti must be a text that is never used again');
    return new InvalidClient('claim-invalid', `${error.claim} is missing or invalid`);
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return new InvalidClient('algorithm-refused', 'alg must be RS256');
  if (error instanceof errors.JWKSNoMatchingKey)
    return new InvalidClient('key-unknown', 'kid names no key at the registered JWKS address');
  if (error instanceof errors.JWKSMultipleMatchingKeys) return new InvalidClient('key-ambiguous', 'the header must name a kid');
  if (error instanceof errors.JWSSignatureVerificationFailed)
    return new InvalidClient('signature-invalid', 'the signature does not fit the key');
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) {
    return new InvalidClient('assertion-malformed', 'client_assertion is not a signed JWT');
  }
  return new InvalidClient('jwks-unreachable', 'the registered JWKS address did not answer with a key set', { cause: error });
}
