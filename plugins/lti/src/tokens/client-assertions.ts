import { createHash } from 'node:crypto';
import type { Http } from '@ilearn/core';
import { decodeJwt, type JWTPayload, jwtVerify } from 'jose';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { platformEndpoints } from '../platform.js';
import type { Registration } from '../registrations/registration.js';
import type { RegistrationService } from '../registrations/registration-service.js';
import { explainVerification, InvalidClient, jtiMissing } from './assertion-errors.js';
import { keysOfTool } from './tool-keys.js';

const leewaySeconds = 60;
/** Longest lifetime of an assertion; its `jti` is stored until it expires. */
const longestSeconds = 3600;

/** An assertion with a verified signature. */
export interface SignedAssertion {
  registration: Registration;
  payload: JWTPayload;
}

/** Authenticates tools with private_key_jwt, a JWT that the tool signs (RFC 7523 §3; 1EdTech Security Framework 1.0 §4.1.1). */
export class ClientAssertions {
  readonly #knex: Knex;
  readonly #registrations: RegistrationService;
  readonly #clock: Dependencies['clock'];

  constructor({ knex, registrations, clock }: Dependencies & { registrations: RegistrationService }) {
    this.#knex = knex;
    this.#registrations = registrations;
    this.#clock = clock;
  }

  /**
   * The tool that an unverified assertion names as its issuer.
   *
   * @param clientId the request's `client_id`, which must name the same client if present (RFC 7521 §4.2)
   * @throws InvalidClient
   */
  async claimed(assertion: string, clientId: string | undefined): Promise<Registration> {
    const registration = await this.#registrations.activeByClientId(issuerOf(assertion));
    if (registration === null) throw unknownClient();
    if (clientId !== undefined && clientId !== registration.clientId) {
      throw Object.assign(new InvalidClient('client-mismatch', 'client_id must be the iss of client_assertion, or be left out'), {
        tool: registration.key,
        registrationId: registration.id,
      });
    }
    return registration;
  }

  /**
   * Consumes a verified assertion, which can be used only once. Returns the tool's current registration.
   *
   * @throws InvalidClient
   */
  async use({ registration: { clientId, jwksUrl }, payload }: SignedAssertion): Promise<Registration> {
    const registration = await this.#registrations.activeByClientId(clientId);
    // The tool may have been switched off, or its key set address changed, while its keys were fetched.
    if (registration === null || registration.jwksUrl !== jwksUrl) throw unknownClient();
    await this.#use(registration.id, payload);
    return registration;
  }

  async #use(registrationId: string, { exp, iat, jti }: JWTPayload): Promise<void> {
    const now = Math.floor(this.#clock.now().getTime() / 1000);
    if (typeof jti !== 'string' || jti === '') throw jtiMissing();
    if (iat === undefined || iat > now + leewaySeconds) throw new InvalidClient('assertion-from-future', 'iat is in the future');
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

  /** Removes assertions that have expired. */
  async clearExpired(): Promise<void> {
    await this.#knex('used_assertions').where('expires_at', '<=', this.#knex.fn.now()).delete();
  }
}

/**
 * Verifies that the tool signed the assertion. May fetch the tool's keys, so call it outside a unit of work.
 *
 * @throws InvalidClient
 */
export async function verifySignature(
  assertion: string,
  { registration, portalUrl, now, http }: { registration: Registration; portalUrl: string; now: Date; http: Http },
): Promise<SignedAssertion> {
  const { clientId, jwksUrl } = registration;
  const { issuer, token_endpoint: tokenEndpoint } = platformEndpoints(portalUrl);
  const keys = keysOfTool(http, jwksUrl);
  try {
    const { payload } = await jwtVerify(assertion, keys, {
      algorithms: ['RS256'],
      issuer: clientId,
      subject: clientId,
      // Some libraries send a trailing slash.
      audience: [tokenEndpoint, issuer].flatMap((url) => [url, `${url}/`]),
      clockTolerance: leewaySeconds,
      currentDate: now,
      requiredClaims: ['exp', 'iat', 'jti'],
    });
    return { registration, payload };
  } catch (error) {
    throw Object.assign(explainVerification(error, { assertion, tokenEndpoint, keySet: keys.jwks() }), {
      tool: registration.key,
      registrationId: registration.id,
    });
  }
}

const unknownClient = () => new InvalidClient('client-unknown', 'iss is not a client id of this platform');

function issuerOf(assertion: string): string {
  try {
    const { iss } = decodeJwt(assertion);
    if (typeof iss === 'string') return iss;
  } catch {
    // Reported below, like a JWT without an issuer.
  }
  throw new InvalidClient('assertion-malformed', 'client_assertion must be a JWT whose iss is the client id');
}
