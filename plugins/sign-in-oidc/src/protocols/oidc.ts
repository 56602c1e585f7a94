import { type Http, HttpFailed, HttpRefused } from '@ilearn/core';
import * as client from 'openid-client';
import { LogoutTokens } from './logout-tokens.js';
import { type FinishInput, type Proof, type Protocol, SignInRefused } from './protocol.js';

/** Seconds by which the clocks of the portal and of the provider may differ. */
const TOLERANCE_S = 30;
/** Discovery is repeated after this, so that a provider can move its endpoints. */
const DISCOVERED_MS = 60 * 60_000;
/** After a failed discovery, it is not tried again before this. */
const BACKOFF_MS = 10_000;

/** Claims of an id_token whose signature, issuer, audience, nonce and times were checked. */
export type Claims = client.IDToken;

export interface OidcOptions {
  /** Address of the issuer, without `/.well-known/openid-configuration`. */
  issuer: string;
  clientId: string;
  /** How the client authenticates at the token endpoint: a secret, or a private key (`private_key_jwt`). */
  secret?: string;
  privateKey?: () => Promise<client.PrivateKey>;
  scope: string;
  responseMode?: 'query' | 'form_post';
  /** Further parameters of the authorisation request, such as `prompt`. */
  parameters?: Readonly<Record<string, string>>;
  /** Those that make the provider ask the person again; `prompt=login` and `max_age=0` unless they are given. */
  again?: Readonly<Record<string, string>>;
  /** Whether the provider names `auth_time` when it was made to ask again, as it must; true unless given. One that does not is taken at its word. */
  saysWhen?: boolean;
  /** Turns claims into a proof. @throws SignInRefused */
  proofOf(claims: Claims): Omit<Proof, 'issuer' | 'sid' | 'idToken' | 'authenticatedAt'> & { issuer?: string };
}

/** OpenID Connect Core 1.0, code flow, with PKCE, nonce and signature check, on `openid-client`. */
export function oidcProtocol(options: OidcOptions): Protocol {
  const { scope, responseMode = 'query', parameters = {}, saysWhen = true, proofOf } = options;
  const { again = { prompt: 'login', max_age: '0' } } = options;
  const discovered = new Discovered(options);
  const notices = new LogoutTokens(options.clientId);

  return {
    responseMode,
    async start({ redirectUri, state, nonce, verifier, fresh, http, signal }) {
      const config = await discovered.configuration(http, signal);
      return client.buildAuthorizationUrl(config, {
        ...parameters,
        ...(fresh ? again : {}),
        redirect_uri: redirectUri,
        scope,
        state,
        nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(responseMode === 'form_post' ? { response_mode: 'form_post' } : {}),
      });
    },
    async finish({ answer, state, nonce, verifier, startedAt, fresh, now, http, signal }) {
      const config = await discovered.configuration(http, signal);
      const checks = { expectedState: state, expectedNonce: nonce, pkceCodeVerifier: verifier, idTokenExpected: true };
      const tokens = await client.authorizationCodeGrant(config, answer, checks).catch((error: unknown) => {
        throw refusalOf(error);
      });
      const claims = tokens.claims();
      if (claims === undefined) throw new SignInRefused('invalid', 'no id_token');
      checkIssuedDuring(claims, { startedAt, now });
      const authenticatedAt = authenticatedIn(claims, { startedAt, fresh, saysWhen, now });
      const proof = proofOf(claims);
      const sid = typeof claims.sid === 'string' ? claims.sid : null;
      return { issuer: claims.iss, ...proof, authenticatedAt, sid, idToken: tokens.id_token ?? null };
    },
    async logout({ idToken, returnTo, http, signal }) {
      const config = await discovered.configuration(http, signal);
      if (config.serverMetadata().end_session_endpoint === undefined) return null;
      return client.buildEndSessionUrl(config, { id_token_hint: idToken, post_logout_redirect_uri: returnTo });
    },
    async notice({ token, now, http, signal }) {
      const { issuer, jwks_uri } = (await discovered.configuration(http, signal)).serverMetadata();
      if (jwks_uri === undefined) throw new SignInRefused('invalid', 'the provider publishes no keys');
      return notices.read(token, { issuer, jwksUri: jwks_uri, now, http });
    },
  };
}

/**
 * An id_token for this flow was issued while the flow ran (OpenID Connect Core 1.0 section 3.1.3.7 rule 10): `iat` is not before its start
 * and not in the future.
 */
function checkIssuedDuring({ iat }: Claims, { startedAt, now }: Pick<FinishInput, 'startedAt' | 'now'>): void {
  if (iat > now.getTime() / 1000 + TOLERANCE_S) throw new SignInRefused('invalid', 'id_token of the future');
  if (iat < startedAt.getTime() / 1000 - TOLERANCE_S) throw new SignInRefused('invalid', 'id_token older than the flow');
}

/**
 * When the person last signed in at the provider. A provider that was asked with `prompt=login` and `max_age=0` must name the time, and did not ask if it
 * names an earlier one (OpenID Connect Core 1.0 sections 2 and 3.1.2.1). If it names none, whoever sits at the browser may have taken these
 * parameters out of the address. Only a provider that is known not to say when is taken at its word.
 *
 * @throws SignInRefused
 */
function authenticatedIn(
  { auth_time }: Claims,
  { startedAt, fresh, saysWhen, now }: Pick<FinishInput, 'startedAt' | 'fresh' | 'now'> & { saysWhen: boolean },
): Date | null {
  if (auth_time === undefined) {
    if (fresh && saysWhen) throw new SignInRefused('invalid', 'no auth_time');
    return fresh ? now : null;
  }
  if (typeof auth_time !== 'number' || !Number.isFinite(auth_time) || auth_time < 0)
    throw new SignInRefused('invalid', 'auth_time is no time');
  if (auth_time > now.getTime() / 1000 + TOLERANCE_S) throw new SignInRefused('invalid', 'auth_time in the future');
  if (fresh && auth_time < startedAt.getTime() / 1000 - TOLERANCE_S)
    throw new SignInRefused('invalid', 'the provider did not ask again');
  return new Date(Math.min(auth_time * 1000, now.getTime()));
}

/** Metadata and keys of the provider, fetched when they are first needed: a provider that is down does not keep the portal from starting. */
class Discovered {
  #config: Promise<client.Configuration> | null = null;
  #until = 0;
  /** That of the latest request, since a portal that stops takes its own along. */
  #http: Http | null = null;

  constructor(private readonly options: OidcOptions) {}

  async configuration(http: Http, signal: AbortSignal): Promise<client.Configuration> {
    const now = performance.now();
    this.#http = http;
    if (this.#config === null || now >= this.#until) {
      this.#until = now + DISCOVERED_MS;
      this.#config = this.#discover(signal).catch((error: unknown) => {
        this.#until = performance.now() + BACKOFF_MS;
        throw refusalOf(error);
      });
      this.#config.catch(() => {});
    }
    return this.#config;
  }

  async #discover(signal: AbortSignal): Promise<client.Configuration> {
    const { issuer, clientId, secret, privateKey } = this.options;
    const authentication =
      privateKey !== undefined
        ? client.PrivateKeyJwt(await privateKey())
        : secret !== undefined
          ? client.ClientSecretPost(secret)
          : client.None();
    // The service `http` decides which addresses may be called without TLS: those of this machine, and those that the operator names.
    const fetchOverHttp: client.CustomFetch = (url, request) => fetchBy(this.#http as Http, url, request);
    const config = await client.discovery(new URL(issuer), clientId, { [client.clockTolerance]: TOLERANCE_S }, authentication, {
      [client.customFetch]: fetchOverHttp,
      execute: [client.allowInsecureRequests],
    });
    signal.throwIfAborted();
    client.enableNonRepudiationChecks(config);
    return config;
  }
}

/** A request of `openid-client` by the service `http`. */
function fetchBy(http: Http, url: string, { method, body, headers, signal }: client.CustomFetchOptions): Promise<Response> {
  const sent = typeof body === 'string' || body instanceof Uint8Array || body instanceof URLSearchParams ? { body } : {};
  return http.fetch(url, {
    method: method as 'GET' | 'POST',
    headers,
    ...sent,
    ...(signal instanceof AbortSignal ? { signal } : {}),
  });
}

/** The reason behind an error of `openid-client`. */
export function refusalOf(error: unknown): SignInRefused {
  if (error instanceof SignInRefused) return error;
  const inner = causeOf(error, (each) => each instanceof HttpFailed || each instanceof HttpRefused);
  if (inner instanceof HttpFailed) return new SignInRefused('unavailable', `the provider: ${inner.reason}`, { cause: error });
  if (inner instanceof HttpRefused) return new SignInRefused('unavailable', `not called: ${inner.message}`, { cause: error });
  if (error instanceof client.AuthorizationResponseError)
    return new SignInRefused('denied', `the provider: ${codeIn(error.error)}`);
  if (error instanceof client.ResponseBodyError) {
    const reason = error.status >= 500 ? 'unavailable' : 'invalid';
    return new SignInRefused(reason, `the token endpoint: ${codeIn(error.error)}`, { cause: error });
  }
  const code = (error as { code?: unknown }).code;
  const status = (error as { cause?: { status?: unknown } }).cause?.status;
  if (typeof status === 'number' && status >= 500) return new SignInRefused('unavailable', `status ${status}`, { cause: error });
  return new SignInRefused('invalid', typeof code === 'string' ? code : 'a check failed', { cause: error });
}

/** An error code of OAuth (RFC 6749 sections 4.1.2.1 and 5.2) for the log; anything else may hold data of people. */
const codeIn = (text: string): string => (/^[a-z_]{1,40}$/.test(text) ? text : 'another error');

function causeOf(error: unknown, fits: (error: unknown) => boolean): unknown {
  for (let each = error, depth = 0; each instanceof Error && depth < 5; each = each.cause, depth += 1)
    if (fits(each)) return each;
  return undefined;
}
