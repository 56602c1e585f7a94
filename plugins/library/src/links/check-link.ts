import { type Http, HttpFailed, HttpRefused } from '@ilearn/core';

export interface DueLink {
  activity: string;
  url: string;
  /** Validators of the last answer, to be sent back (RFC 9110 section 13.1). */
  etag: string | null;
  lastModified: string | null;
}

/**
 * - `works`: the page is there, or the site keeps programs out (401, 403, 405 and the like), which says nothing about people
 * - `moved`: it is elsewhere for good (301, 308)
 * - `gone`: the site says that there is no such page (404, 410)
 * - `failed`: no answer, or an error of the server
 * - `busy`: the site asks for patience (429, 503)
 */
export type LinkOutcome = 'works' | 'moved' | 'gone' | 'failed' | 'busy';

export interface CheckedLink {
  activity: string;
  url: string;
  outcome: LinkOutcome;
  status: number | null;
  movedTo: string | null;
  etag: string | null;
  lastModified: string | null;
  /** Seconds that a busy site asks to wait. */
  retryAfter: number | null;
}

const timeoutMs = 10_000;
const longestHeader = 500;

/** Asks for a page with HEAD, and with GET only if the site does not answer HEAD. Sends nothing about anybody. */
export async function checkLink(http: Http, link: DueLink, signal: AbortSignal): Promise<CheckedLink> {
  const headers: Record<string, string> = {};
  if (link.etag !== null) headers['if-none-match'] = link.etag;
  if (link.lastModified !== null) headers['if-modified-since'] = link.lastModified;
  const ask = (method: 'HEAD' | 'GET') => http.fetch(link.url, { method, headers, signal, timeoutMs, retries: 0 });
  const nothing = { activity: link.activity, url: link.url, movedTo: null, etag: null, lastModified: null, retryAfter: null };
  try {
    let answer = await ask('HEAD');
    if (answer.status === 405 || answer.status === 501) answer = await ask('GET');
    const { status } = answer;
    const header = (name: string): string | null => {
      const value = answer.headers.get(name);
      return value === null || value.length > longestHeader ? null : value;
    };
    const outcome = outcomeOf(status);
    return {
      ...nothing,
      outcome,
      status,
      movedTo: outcome === 'moved' ? absolute(answer.headers.get('location'), link.url) : null,
      // A 304 need not repeat them.
      etag: header('etag') ?? (status === 304 ? link.etag : null),
      lastModified: header('last-modified') ?? (status === 304 ? link.lastModified : null),
      retryAfter: outcome === 'busy' ? secondsOf(header('retry-after')) : null,
    };
  } catch (error) {
    if (error instanceof HttpFailed && error.reason === 'too-large') return { ...nothing, outcome: 'works', status: 200 };
    if (error instanceof HttpFailed || error instanceof HttpRefused) return { ...nothing, outcome: 'failed', status: null };
    throw error;
  }
}

function outcomeOf(status: number): LinkOutcome {
  if (status === 301 || status === 308) return 'moved';
  if (status === 404 || status === 410) return 'gone';
  if (status === 429 || status === 503) return 'busy';
  return status >= 500 ? 'failed' : 'works';
}

function absolute(location: string | null, base: string): string | null {
  if (location === null || location.length > 2000 || !URL.canParse(location, base)) return null;
  const { href, protocol } = new URL(location, base);
  return protocol === 'https:' ? href : null;
}

const secondsOf = (text: string | null): number | null => (text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null);
