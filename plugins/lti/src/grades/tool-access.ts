import { notFound, Problem, type RequestInput, systemPrincipal } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import type { AgsScope } from '../platform.js';

type Input = Pick<RequestInput<Cradle, { contextId: string }, unknown, unknown>, 'params' | 'request' | 'services'>;

/**
 * Runs `fn` as the tool that the request's bearer token belongs to, in the school of the context (RFC 6750 §3).
 *
 * @param scopes the token needs at least one of them
 * @throws Problem 401 without a valid token, 403 without the scope, 404 if the tool is not placed in the context
 */
export async function asTool<T>(
  { params, request, services }: Input,
  scopes: readonly AgsScope[],
  fn: (services: Cradle) => Promise<T>,
): Promise<T> {
  const holder = await holderOf({ request, services }, scopes);
  const { actAs } = services;
  // Only the system principal may look up the school of a context; everything after that runs within that school.
  const school = await actAs<string | null, Cradle>(systemPrincipal(), ({ placements }) =>
    placements.schoolOf(holder.registrationId, params.contextId),
  );
  if (school === null) throw notFound();
  return actAs<T, Cradle>({ kind: 'tool', id: holder.registrationId, roles: [], tenants: [school] }, fn);
}

/** Checks the token before the kernel reads the body, so that 401 and 403 come before any other error. */
export const withToken = (...scopes: AgsScope[]) => ({
  authorise: async (input: Pick<Input, 'request' | 'services'>): Promise<void> => {
    await holderOf(input, scopes);
  },
});

async function holderOf({ request, services }: Pick<Input, 'request' | 'services'>, scopes: readonly AgsScope[]) {
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(request.header('authorization') ?? '')?.[1];
  if (token === undefined)
    throw unauthorized('Bearer', 'Send the access token of the token endpoint as "Authorization: Bearer …".');
  const holder = await services.accessTokens.holder(token);
  if (holder === null) throw unauthorized('Bearer error="invalid_token"', 'The access token is unknown or has expired.');
  if (!scopes.some((scope) => holder.scopes.includes(scope))) {
    throw new Problem({
      type: 'lti/scope-insufficient',
      status: 403,
      title: 'Forbidden',
      detail: `The access token needs the scope ${scopes.join(' or ')}.`,
      headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scopes.join(' ')}"` },
    });
  }
  return holder;
}

function unauthorized(challenge: string, detail: string): Problem {
  return new Problem({
    type: 'lti/token-invalid',
    status: 401,
    title: 'Unauthorized',
    detail,
    headers: { 'www-authenticate': challenge },
  });
}
