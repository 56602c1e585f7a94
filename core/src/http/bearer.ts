import type { Context } from 'koa';
import { Problem } from '../contract/problem.js';
import type { Route } from '../contract/route.js';
import type { Machine } from '../machines/identify.js';
import { headerOf } from './request-view.js';

/** RFC 6750 section 2.1; the scheme's case does not matter (RFC 9110 section 11.1). */
const bearerPattern = /^bearer(?: +(.*))?$/i;
const tokenPattern = /^[A-Za-z0-9._~+/-]+=*$/;
/** Longer than any token that fits beside other headers. */
const LONGEST = 8_000;

/**
 * The token of the header `Authorization: Bearer …`; undefined without such a header.
 *
 * @throws Problem 400 if the token is malformed
 */
export function bearerOf(ctx: Context): string | undefined {
  const header = headerOf(ctx, 'authorization');
  if (header === undefined) return undefined;
  const match = bearerPattern.exec(header.trim());
  if (match === null) return undefined;
  const token = match[1] ?? '';
  if (token.length > LONGEST || !tokenPattern.test(token)) {
    throw refusal(400, 'malformed-token', 'Malformed token', 'Send one token: Authorization: Bearer <token>.', 'invalid_request');
  }
  return token;
}

/** A caller is either a person or a machine, so that no right of the one is used with the intent of the other. */
export const twoCredentials = (): Problem =>
  refusal(
    400,
    'two-credentials',
    'Two credentials',
    'The request has a session cookie and a bearer token. Send one of them.',
    'invalid_request',
  );

export const unknownToken = (): Problem =>
  refusal(401, 'unknown-token', 'Unknown token', 'The token is unknown, expired or revoked. Get a new one.', 'invalid_token');

/** @throws Problem 403 if the route is not for this machine */
export function requireScope(pluginId: string, { machines }: Pick<Route, 'machines'>, { scopes }: Machine): void {
  if (machines === undefined || 'none' in machines) {
    const why = machines === undefined ? '' : ` ${machines.none}`;
    throw new Problem({
      type: 'not-for-machines',
      status: 403,
      title: 'Not for machines',
      detail: `Only people may call this.${why}`,
    });
  }
  const scope = `${pluginId}.${machines.scope}`;
  if (scopes.has(scope)) return;
  const detail = `The token does not grant the scope ${scope}. Request it, and a token that has it.`;
  throw refusal(403, 'missing-scope', 'Missing scope', detail, 'insufficient_scope', scope);
}

/** A problem with the challenge of RFC 6750 section 3. */
function refusal(status: number, type: string, title: string, detail: string, error: string, scope?: string): Problem {
  const challenge = `Bearer realm="i-Learn", error="${error}"${scope === undefined ? '' : `, scope="${scope}"`}`;
  return new Problem({
    type,
    status,
    title,
    detail,
    headers: { 'www-authenticate': challenge },
    ...(scope === undefined ? {} : { extra: { scope } }),
  });
}
