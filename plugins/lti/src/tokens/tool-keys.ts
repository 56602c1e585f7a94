import { outgoingFetch } from '@ilearn/core';
import { createRemoteJWKSet, customFetch, type FetchImplementation, type JWTVerifyGetKey } from 'jose';

const timeoutMs = 3000;
/** Far above any real key set. */
const largestBytes = 256 * 1024;
/** A key set is held this long; an unknown `kid` fetches it anew before that, but not more often than the pause. */
const holdMs = 10 * 60 * 1000;
const pauseMs = 10 * 1000;
/** An address that failed is not tried again for so long: a tool that is down must not hold our requests up. */
const restMs = 15 * 1000;
const mostSets = 500;

const sets = new Map<string, JWTVerifyGetKey>();

/**
 * The keys behind a tool's JWKS address. Only that address is called: no redirects, three seconds and 256 KiB at most, one
 * call at a time. Shared by the whole process.
 */
export function keysOfTool(jwksUrl: string): JWTVerifyGetKey {
  let keys = sets.get(jwksUrl);
  if (keys === undefined) {
    if (sets.size >= mostSets) sets.clear();
    keys = createRemoteJWKSet(new URL(jwksUrl), {
      timeoutDuration: timeoutMs,
      cacheMaxAge: holdMs,
      cooldownDuration: pauseMs,
      [customFetch]: carefulFetch(),
    });
    sets.set(jwksUrl, keys);
  }
  return keys;
}

function carefulFetch(): FetchImplementation {
  let restUntil = 0;
  return async (url, options) => {
    if (performance.now() < restUntil) throw new Error('the key set could not be fetched a moment ago');
    try {
      const { headers, signal } = options;
      const response = await outgoingFetch(url, { headers, signal, largestBytes });
      if (response.status !== 200) throw new Error(`the key set answered ${response.status}`);
      return response;
    } catch (error) {
      restUntil = performance.now() + restMs;
      throw error;
    }
  };
}
