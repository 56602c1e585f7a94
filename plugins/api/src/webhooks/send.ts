import { type Http, HttpFailed, HttpRefused } from '@ilearn/core';
import { type Message, signedHeaders } from './signature.js';

const timeoutMs = 20_000;
const mostBytes = 64 * 1024;

/** What became of one try. */
export interface Outcome {
  /** Null: there was no answer. */
  status: number | null;
  /** Why it failed, as a code; null: it was delivered. */
  failure: string | null;
  ms: number;
  /** Seconds after which the receiver wants to be asked again. */
  retryAfter: number | null;
}

export interface Ready extends Message {
  url: string;
  secrets: string[];
  at: Date;
}

/**
 * Sends a message once. Only an answer 2xx counts; redirects are not followed, and the connection is made to the address that was checked.
 * The receiver's answer is not kept: it could hold anything. Without a secret nothing is sent, because nobody could tell who sent it.
 */
export async function send(http: Http, { url, secrets, at, ...message }: Ready, signal: AbortSignal): Promise<Outcome> {
  const started = performance.now();
  const took = () => Math.round(performance.now() - started);
  if (secrets.length === 0) return { status: null, failure: 'no-secret', ms: took(), retryAfter: null };
  try {
    const { status, headers } = await http.fetch(url, {
      method: 'POST',
      headers: signedHeaders(message, secrets, at),
      body: message.body,
      timeoutMs,
      maxBytes: mostBytes,
      retries: 0,
      redirects: 0,
      signal,
    });
    const good = status >= 200 && status < 300;
    return { status, failure: good ? null : 'status', ms: took(), retryAfter: secondsOf(headers.get('retry-after'), at) };
  } catch (error) {
    if (error instanceof HttpRefused) return { status: null, failure: error.reason, ms: took(), retryAfter: null };
    if (error instanceof HttpFailed) {
      const { status = null } = error;
      // The message arrived, whatever the receiver says at length.
      const arrived = error.reason === 'too-large' && status !== null && status >= 200 && status < 300;
      return { status, failure: arrived ? null : error.reason, ms: took(), retryAfter: null };
    }
    throw error;
  }
}

/** Retry-After: seconds or a date (RFC 9110 §10.2.3). */
function secondsOf(header: string | null, now: Date): number | null {
  if (header === null) return null;
  const seconds = /^\d{1,9}$/.test(header.trim()) ? Number(header) : (Date.parse(header) - now.getTime()) / 1000;
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null;
}
