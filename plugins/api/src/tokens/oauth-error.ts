import { type Problem, type Reply, reply } from '@ilearn/core';

export const noStore = { 'cache-control': 'no-store', pragma: 'no-cache' };

/** Why a request to the token endpoint is refused: a code of RFC 6749 §5.2, and a description for the developer. */
export class OauthError extends Error {
  constructor(
    readonly code: 'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unsupported_grant_type' | 'temporarily_unavailable',
    description: string,
    /** Seconds after which it may be tried again. */
    readonly retryAfter: number | null = null,
  ) {
    super(description);
    this.name = 'OauthError';
  }
}

const statuses: Partial<Record<OauthError['code'], number>> = { invalid_client: 401, temporarily_unavailable: 429 };

export function answerOf({ code, message, retryAfter }: OauthError): Reply {
  const status = statuses[code] ?? 400;
  return refuse(code, message, status, {
    // RFC 6749 §5.2: the scheme that a client may use in the header.
    ...(status === 401 ? { 'www-authenticate': 'Basic realm="i-Learn"' } : {}),
    ...(retryAfter === null ? {} : { 'retry-after': `${retryAfter}` }),
  });
}

function refuse(error: string, description: string, status: number, headers: Record<string, string> = {}): Reply {
  return reply(status, { error, error_description: printable(description) }, { ...noStore, ...headers });
}

/**
 * The kernel's problems, such as a malformed or too large body, or an outage. RFC 6749 §5.2 prescribes status 400 for invalid requests and has
 * no codes for server errors; `server_error` and `temporarily_unavailable` are from §4.1.2.1.
 */
export function formatProblem({ status, title, detail = title }: Problem): Reply {
  if (status === 405) return refuse('invalid_request', detail, 405);
  if (status < 500) return refuse('invalid_request', detail, 400);
  const passing = status === 503 || status === 504;
  return refuse(passing ? 'temporarily_unavailable' : 'server_error', detail, passing ? status : 500);
}

/** Replaces the characters that RFC 6749 §5.2 does not allow in `error_description`. */
const printable = (text: string): string => text.replaceAll('"', "'").replace(/[^\x20-\x5b\x5d-\x7e]/g, '?');
