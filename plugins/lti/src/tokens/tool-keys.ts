import { type Http, HttpFailed, HttpRefused } from '@ilearn/core';
import { createRemoteJWKSet, customFetch, type FetchImplementation } from 'jose';
import { z } from 'zod';

const timeoutMs = 3000;
/** Much larger than any real key set. */
const largestBytes = 256 * 1024;
/** How long a key set is cached. An unknown `kid` causes an earlier fetch, at most once per cooldown. */
const cacheMs = 10 * 60 * 1000;
const cooldownMs = 10 * 1000;
/** After a failure, an address is not called for this long, so that a tool that is down does not delay requests. */
const retryAfterMs = 15 * 1000;
const mostSets = 500;

export type ToolKeySet = ReturnType<typeof createRemoteJWKSet>;

/** A tool's key set cannot be used. The message completes the sentence "the registered JWKS address …". */
export class KeySetError extends Error {
  constructor(
    readonly code: 'jwks-unreachable' | 'jwks-invalid',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.name = 'KeySetError';
  }
}

const keySet = z.looseObject({ keys: z.array(z.looseObject({})) });
/** Key sets by the HTTP service that fetches them, because each portal in a process has its own. */
const setsOf = new WeakMap<Http, Map<string, ToolKeySet>>();

/**
 * The keys at a tool's JWKS address, cached in this process. Redirects are not followed; an answer is limited to three seconds and 256 KiB;
 * there is one call at a time. The returned function throws {@link KeySetError}.
 */
export function keysOfTool(http: Http, jwksUrl: string): ToolKeySet {
  const sets = setsOf.get(http) ?? new Map<string, ToolKeySet>();
  setsOf.set(http, sets);
  let keys = sets.get(jwksUrl);
  if (keys === undefined) {
    if (sets.size >= mostSets) sets.clear();
    keys = createRemoteJWKSet(new URL(jwksUrl), {
      timeoutDuration: timeoutMs,
      cacheMaxAge: cacheMs,
      cooldownDuration: cooldownMs,
      [customFetch]: carefulFetch(http),
    });
    sets.set(jwksUrl, keys);
  }
  return keys;
}

function carefulFetch(http: Http): FetchImplementation {
  let failure: { error: KeySetError; until: number } | null = null;
  return async (url, { headers }) => {
    if (failure !== null && performance.now() < failure.until) throw failure.error;
    try {
      return await fetchKeySet(http, url, headers);
    } catch (error) {
      const known = error instanceof KeySetError ? error : withoutAnswer(error);
      failure = { error: known, until: performance.now() + retryAfterMs };
      throw known;
    }
  };
}

/** @throws KeySetError if the answer is not a key set; other errors if there is no answer */
async function fetchKeySet(http: Http, url: string, headers: Headers): Promise<Response> {
  const response = await http.fetch(url, { headers: Object.fromEntries(headers), timeoutMs, maxBytes: largestBytes });
  const { status } = response;
  if (status >= 300 && status < 400) {
    throw new KeySetError(
      'jwks-invalid',
      `answered ${status}, and redirects are not followed: register the address that it redirects to`,
    );
  }
  if (status !== 200) throw new KeySetError('jwks-invalid', `answered ${status} instead of 200`);
  const text = await response.text();
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch {
    throw new KeySetError('jwks-invalid', 'did not answer with JSON');
  }
  if (!keySet.safeParse(content).success) {
    throw new KeySetError('jwks-invalid', 'did not answer with a JSON Web Key Set: an object with a list "keys" (RFC 7517 §5)');
  }
  return new Response(text, { status, headers: { 'content-type': 'application/json' } });
}

function withoutAnswer(error: unknown): KeySetError {
  const because = { cause: error };
  if (error instanceof HttpRefused) return new KeySetError('jwks-unreachable', `may not be called: ${error.message}`, because);
  const reason = error instanceof HttpFailed ? error.reason : null;
  if (reason === 'too-large') {
    return new KeySetError('jwks-invalid', `answered with more than ${largestBytes / 1024} KiB`, because);
  }
  if (reason === 'timeout') {
    return new KeySetError('jwks-unreachable', `did not answer within ${timeoutMs / 1000} seconds`, because);
  }
  return new KeySetError('jwks-unreachable', 'could not be reached', because);
}
