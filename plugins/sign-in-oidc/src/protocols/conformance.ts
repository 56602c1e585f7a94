import { createHash, randomBytes } from 'node:crypto';
import { type Http, HttpFailed, type HttpOptions } from '@ilearn/core';
import type { ProviderContribution } from './contribution.js';
import { type FinishInput, SignInRefused } from './protocol.js';

const DEADLINE_MS = 20_000;
/** Failures without any answer of the provider. */
const silences: ReadonlySet<string> = new Set(['unreachable', 'insecure', 'timeout', 'breaker-open']);
/** A code that no provider gave. */
const madeUp = 'made-up-by-ilearn-provider-check';

/** One check of a provider. `fault` says what is wrong and what is expected; null: it passed. */
export interface ProviderCheck {
  name: string;
  fault: string | null;
}

interface Surroundings {
  /** Calls the provider, or what stands in for it. */
  http: Http;
  /** Redirect address of this provider at the portal. */
  redirectUri: string;
  now: Date;
}

/**
 * Checks what a provider's plugin does without anybody signing in: where it sends the browser, and that it refuses each answer that is not
 * of this sign-in. Makes requests to the provider; stores nothing.
 */
export async function checkProvider(
  { protocol }: Pick<ProviderContribution, 'protocol'>,
  { http, redirectUri, now }: Surroundings,
): Promise<ProviderCheck[]> {
  const random = () => randomBytes(32).toString('base64url');
  const secrets = { state: random(), nonce: random(), verifier: random() };
  const signal = () => AbortSignal.timeout(DEADLINE_MS);
  const checks: ProviderCheck[] = [];
  const check = async (name: string, run: () => Promise<string | null>): Promise<void> => {
    checks.push({ name, fault: await run().catch((error: Error) => `It fails: ${error.message}`) });
  };

  let address: URL | null = null;
  await check('start leads to the provider', async () => {
    address = await protocol.start({ ...secrets, fresh: false, redirectUri, http, signal: signal() });
    if (isSafe(address)) return null;
    return `The address begins with ${address.protocol}//${address.host}: use https.`;
  });
  if (address !== null) {
    const { searchParams, href } = address as URL;
    await check('start sends the state of this sign-in', async () =>
      searchParams.get('state') === secrets.state ? null : 'The parameter state is another, or absent.',
    );
    await check('start names the redirect address of this portal', async () =>
      searchParams.get('redirect_uri') === redirectUri ? null : `The parameter redirect_uri is not ${redirectUri}.`,
    );
    await check('start asks for a code, with the nonce and without a secret', async () => {
      if (searchParams.get('response_type') !== 'code') return 'The parameter response_type is not code.';
      const isOpenId = searchParams.get('scope')?.split(' ').includes('openid') === true;
      if (isOpenId && searchParams.get('nonce') !== secrets.nonce) return 'The parameter nonce is another, or absent.';
      return searchParams.has('client_secret') || searchParams.has('client_assertion')
        ? 'The address has what authenticates the portal: send that to the token endpoint only.'
        : null;
    });
    await check('start keeps the PKCE verifier to the portal', async () => {
      if (href.includes(secrets.verifier)) return 'The address has the verifier itself: send its SHA-256 (S256), or nothing.';
      const challenge = searchParams.get('code_challenge');
      const expected = createHash('sha256').update(secrets.verifier).digest('base64url');
      return challenge === null || challenge === expected
        ? null
        : 'The parameter code_challenge is not the S256 of the verifier.';
    });
  }

  /** `early`: before the code is sent to the provider, which would refuse it whatever the rest of the answer is. */
  const refuses = (name: string, parameters: Record<string, string>, { early = false } = {}) =>
    check(name, async () => {
      const answer = new URL(`${redirectUri}?${new URLSearchParams(parameters)}`);
      const { watched, seen } = watch(http);
      const input: FinishInput = { ...secrets, answer, startedAt: now, fresh: false, now, http: watched, signal: signal() };
      try {
        await protocol.finish(input);
      } catch (error) {
        if (early && seen.sent) return 'It sends the code to the provider before it checks the answer.';
        if (!(error instanceof SignInRefused)) return `It throws ${(error as Error).name} instead of SignInRefused.`;
        if (error.reason === 'unavailable' && !seen.answered) return `The provider did not answer: ${error.message}.`;
        return null;
      }
      return 'It accepts the answer: throw SignInRefused.';
    });
  const { state } = secrets;
  await refuses('refuses an answer with another state', { code: madeUp, state: random() }, { early: true });
  await refuses('refuses an answer without a state', { code: madeUp }, { early: true });
  await refuses('refuses an answer without a code', { state });
  await refuses('refuses a code that the provider did not give', { code: madeUp, state });
  // RFC 9207 is of OpenID Connect here; other protocols know one issuer only.
  const openId = address !== null && (address as URL).searchParams.get('scope')?.split(' ').includes('openid') === true;
  const foreign = { code: madeUp, state, iss: 'https://issuer.invalid' };
  await refuses('refuses an answer of another issuer', foreign, { early: openId });
  await refuses('refuses the provider’s refusal', { error: 'access_denied', state });

  await check('accepts no logout token that is not the provider’s', async () => {
    const token = [{ alg: 'none' }, { sub: 'anybody', events: {} }]
      .map((part) => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    try {
      const notice = await protocol.notice({ token: `${token}.`, now, http, signal: signal() });
      return notice === null ? null : 'It accepts an unsigned token.';
    } catch (error) {
      return error instanceof SignInRefused ? null : `It throws ${(error as Error).name} instead of SignInRefused.`;
    }
  });
  return checks;
}

/** https, or a server on this machine. */
const isSafe = ({ protocol, hostname }: URL): boolean =>
  protocol === 'https:' || (protocol === 'http:' && /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(hostname));

/** The same `http`, which sees whether the made-up code is sent, and whether an answer comes, whatever its status. */
function watch(http: Http): { watched: Http; seen: { sent: boolean; answered: boolean } } {
  const seen = { sent: false, answered: false };
  const noting = async <T>(url: string | URL, options: HttpOptions | undefined, call: () => Promise<T>): Promise<T> => {
    const { body = '', headers = {} } = options ?? {};
    const text = body instanceof Uint8Array ? Buffer.from(body).toString() : String(body);
    seen.sent ||= `${url} ${text} ${JSON.stringify(headers)}`.includes(madeUp);
    try {
      const answer = await call();
      seen.answered = true;
      return answer;
    } catch (error) {
      seen.answered ||= error instanceof HttpFailed && !silences.has(error.reason);
      throw error;
    }
  };
  const watched: Http = {
    fetch: (url, options) => noting(url, options, () => http.fetch(url, options)),
    json: (url, schema, options) => noting(url, options, () => http.json(url, schema, options)),
    refusal: (url) => http.refusal(url),
  };
  return { watched, seen };
}
