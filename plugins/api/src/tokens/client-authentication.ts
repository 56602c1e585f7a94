import { createHash } from 'node:crypto';
import { createLocalJWKSet, decodeJwt, errors, type JWK, type JWTPayload, jwtVerify } from 'jose';
import type { Knex } from 'knex';
import { algorithms, digestOf } from '../apps/credentials.js';
import type { Dependencies } from '../dependencies.js';
import { OauthError } from './oauth-error.js';

/** Longest lifetime of an assertion, whose `jti` is stored until it expires. */
const longestSeconds = 600;
const leewaySeconds = 60;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export const assertionType = 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer';

/** How a request names and proves its client. */
export type Claim = { clientId: string; secret: string } | { clientId: string; assertion: string };

/** An app that has proved who it is. */
export interface AuthenticatedApp {
  id: string;
  /** Approved by the portal. */
  scopes: string[];
}

/** Authenticates apps by a secret (RFC 6749 §2.3.1) or by a JWT that they sign: private_key_jwt (RFC 7523 §3). */
export class ClientAuthentication {
  readonly #knex: Knex;
  readonly #clock: Dependencies['clock'];
  readonly #portal: Dependencies['portal'];

  constructor({ knex, clock, portal }: Dependencies) {
    this.#knex = knex;
    this.#clock = clock;
    this.#portal = portal;
  }

  /**
   * Verifies the claim; an assertion cannot be used a second time. Locks the app until the unit of work ends, so that removing a
   * secret or key also ends the token that is being issued for it.
   *
   * @throws OauthError `invalid_client`
   */
  async authenticate(claim: Claim): Promise<AuthenticatedApp> {
    const app = uuid.test(claim.clientId)
      ? await this.#knex('apps')
          .where({ id: claim.clientId })
          .forShare()
          .first({ id: 'id', scopes: 'approved_scopes', state: 'state' })
      : undefined;
    if (app === undefined) throw unknown();
    if ('secret' in claim) await this.#checkSecret(app.id, claim.secret);
    else await this.#checkAssertion(app.id, claim.assertion);
    // Only whoever proved to be the app learns this.
    if (app.state !== 'approved') throw new OauthError('invalid_client', notApproved(app.state));
    return { id: app.id, scopes: app.scopes };
  }

  async #checkSecret(appId: string, secret: string): Promise<void> {
    const found = await this.#knex('app_secrets')
      .where({ app_id: appId, digest: digestOf(secret) })
      .whereRaw('(ends_at is null or ends_at > now())')
      .first('id');
    if (found === undefined) throw unknown();
  }

  async #checkAssertion(appId: string, assertion: string): Promise<void> {
    const keys: JWK[] = await this.#knex('app_keys')
      .where({ app_id: appId })
      .select('kid', 'public_jwk')
      .then((rows: { kid: string; public_jwk: JWK }[]) => rows.map(({ kid, public_jwk }) => ({ ...public_jwk, kid })));
    if (keys.length === 0) throw new OauthError('invalid_client', 'the app has no public key');
    const now = this.#clock.now();
    try {
      const { payload } = await jwtVerify(assertion, createLocalJWKSet({ keys }), {
        algorithms: [...algorithms],
        issuer: appId,
        subject: appId,
        // The issuer only, and as one text: an assertion for another server must not be usable here (CVE-2025-27370).
        audience: this.#portal.url,
        clockTolerance: leewaySeconds,
        currentDate: now,
        requiredClaims: ['exp', 'iat', 'jti'],
      });
      if (typeof payload.aud !== 'string') throw new OauthError('invalid_client', `aud must be the text ${this.#portal.url}`);
      await this.#useOnce(appId, payload, Math.floor(now.getTime() / 1000));
    } catch (error) {
      if (error instanceof OauthError) throw error;
      throw new OauthError('invalid_client', explain(error, this.#portal.url));
    }
  }

  async #useOnce(appId: string, { exp = 0, iat = 0, jti }: JWTPayload, now: number): Promise<void> {
    if (typeof jti !== 'string' || jti === '')
      throw new OauthError('invalid_client', 'jti must be a text, new in each assertion');
    if (iat > now + leewaySeconds) throw new OauthError('invalid_client', 'iat is in the future');
    if (exp > now + longestSeconds + leewaySeconds) {
      throw new OauthError('invalid_client', `exp must be within ${longestSeconds} seconds`);
    }
    const expires = new Date((exp + leewaySeconds) * 1000);
    const fresh = await this.#knex('used_assertions')
      .insert({ app_id: appId, jti_hash: createHash('sha256').update(jti).digest(), expires_at: expires })
      .onConflict(['app_id', 'jti_hash'])
      .ignore()
      .returning('app_id');
    if (fresh.length === 0) throw new OauthError('invalid_client', 'an assertion with this jti was used before');
  }
}

/** The client id that an unverified assertion names. @throws OauthError */
export function issuerOf(assertion: string): string {
  try {
    const { iss } = decodeJwt(assertion);
    if (typeof iss === 'string') return iss;
  } catch {
    // Reported below, like a JWT without an issuer.
  }
  throw new OauthError('invalid_client', 'client_assertion must be a JWT whose iss is the client id');
}

/** The same for an unknown client and a wrong secret. */
const unknown = (): OauthError => new OauthError('invalid_client', 'the client id or the secret is wrong');

function notApproved(state: string): string {
  if (state === 'suspended') return 'the portal suspended the app; the page of the app says why';
  return 'the portal has not approved the app';
}

function explain(error: unknown, issuer: string): string {
  if (error instanceof errors.JWTExpired) return 'exp has passed';
  if (error instanceof errors.JWTClaimValidationFailed) {
    return error.claim === 'aud' ? `aud must be ${issuer}` : `${error.claim} is missing or wrong`;
  }
  if (error instanceof errors.JOSEAlgNotAllowed) return `alg must be one of ${algorithms.join(', ')}`;
  if (error instanceof errors.JWKSNoMatchingKey) return 'the app has no key with this kid and alg';
  if (error instanceof errors.JWKSMultipleMatchingKeys) return 'the app has several keys: name one by kid';
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'the signature does not match the key';
  return 'client_assertion is not a signed JWT';
}
