import type { Http } from '@ilearn/core';
import * as jose from 'jose';
import { type LogoutNotice, SignInRefused } from './protocol.js';

const EVENT = 'http://schemas.openid.net/event/backchannel-logout';
const ALGORITHMS = ['RS256', 'PS256', 'ES256', 'EdDSA', 'Ed25519', 'RS384', 'RS512', 'PS384', 'PS512', 'ES384', 'ES512'];
/** Seconds for which a token is accepted after it was issued. */
const LIFETIME_S = 300;
const TOLERANCE_S = 30;
/** An unknown key makes the keys be fetched again, at most once in this time. */
const COOLDOWN_MS = 30_000;

interface Expected {
  issuer: string;
  jwksUri: string;
  now: Date;
  http: Http;
}

/** Reads logout tokens (OpenID Connect Back-Channel Logout 1.0 section 2.6). */
export class LogoutTokens {
  #keys: { uri: string; find: jose.JWTVerifyGetKey } | null = null;
  /** That of the latest request, since a portal that stops takes its own along. */
  #http: Http | null = null;

  constructor(private readonly clientId: string) {}

  /** @throws SignInRefused */
  async read(token: string, { issuer, jwksUri, now, http }: Expected): Promise<LogoutNotice> {
    this.#http = http;
    const { payload } = await jose
      .jwtVerify(token, this.#keysAt(jwksUri), {
        currentDate: now,
        audience: this.clientId,
        algorithms: ALGORITHMS,
        clockTolerance: TOLERANCE_S,
        maxTokenAge: LIFETIME_S,
        requiredClaims: ['iat', 'jti', 'events'],
      })
      .catch((error: unknown) => {
        throw new SignInRefused('invalid', error instanceof jose.errors.JOSEError ? error.code : 'a logout token', {
          cause: error,
        });
      });
    const { iss, events, sid, sub, jti } = payload;
    if (typeof iss !== 'string' || !issuerFits(issuer, iss, payload.tid))
      throw new SignInRefused('invalid', 'iss of a logout token');
    if ('nonce' in payload) throw new SignInRefused('invalid', 'a logout token with nonce');
    if (typeof events !== 'object' || events === null || typeof (events as Record<string, unknown>)[EVENT] !== 'object') {
      throw new SignInRefused('invalid', 'a logout token without its event');
    }
    if (typeof sid !== 'string' && typeof sub !== 'string') throw new SignInRefused('invalid', 'a logout token about nobody');
    if (typeof jti !== 'string') throw new SignInRefused('invalid', 'a logout token without jti');
    return { issuer: iss, id: jti, sid: typeof sid === 'string' ? sid : null, subject: typeof sub === 'string' ? sub : null };
  }

  #keysAt(uri: string): jose.JWTVerifyGetKey {
    if (this.#keys?.uri === uri) return this.#keys.find;
    const fetchKeys: jose.FetchImplementation = (url, { headers, signal }) =>
      (this.#http as Http).fetch(url, { headers: Object.fromEntries(headers), signal });
    const find = jose.createRemoteJWKSet(new URL(uri), { cooldownDuration: COOLDOWN_MS, [jose.customFetch]: fetchKeys });
    this.#keys = { uri, find };
    return find;
  }
}

/** The issuer of Microsoft's metadata names the tenant of the token as `{tenantid}`. */
const issuerFits = (expected: string, issuer: string, tenant: unknown): boolean =>
  issuer === (typeof tenant === 'string' ? expected.replace('{tenantid}', tenant) : expected);
