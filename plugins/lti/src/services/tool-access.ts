import { notFound, Problem, type RequestInput, systemPrincipal } from '@ilearn/core';
import type { Cradle } from '../cradle.js';
import type { ServiceScope } from '../scopes.js';
import { outcomeOf, record, type TracedLine } from '../trace/record.js';
import type { TraceStep } from '../trace/recorder.js';

type Input = Pick<RequestInput<Cradle, { contextId: string }, unknown, unknown>, 'params' | 'request' | 'services'>;

/**
 * Runs `fn` as the tool that the request's bearer token belongs to, in the school of the context (RFC 6750 §3). Every outcome leaves a line
 * in the trace.
 *
 * @param scopes the token needs at least one of them
 * @throws Problem 401 without a valid token, 403 without the scope, 404 if the tool is not placed in the context
 */
export async function asTool<T>(
  input: Input,
  { step, scopes, finishes = false }: ToolAccess,
  fn: (services: Cradle) => Promise<T>,
): Promise<T> {
  const { params, request, services } = input;
  const line: Omit<TracedLine, 'outcome'> = { step };
  try {
    const holder = await holderOf({ request, services }, scopes);
    line.registrationId = holder.registrationId;
    const { actAs } = services;
    // Only the system principal may look up the school of a context; everything after that runs within that school.
    const school = await actAs<string | null, Cradle>(systemPrincipal(), ({ placements }) =>
      placements.schoolOf(holder.registrationId, params.contextId),
    );
    if (school === null) throw notFound();
    line.school = school;
    await checkLicence(services, holder.registrationId, school, finishes ? 'results' : 'use');
    const principal = { kind: 'tool', id: holder.registrationId, roles: [], tenants: [school] } as const;
    const answer = await actAs<T, Cradle>(principal, fn);
    record(input, { ...line, outcome: 'ok' });
    return answer;
  } catch (error) {
    if (error instanceof Problem) record(input, { ...line, outcome: outcomeOf(error) });
    throw error;
  }
}

/** Work that was begun with a licence is handed in for a while after it has ended; the tool learns and changes nothing else any more. */
async function checkLicence(
  { licences, actAs }: Cradle,
  registrationId: string,
  school: string,
  what: 'use' | 'results',
): Promise<void> {
  if (licences === undefined) return;
  const tool = await actAs(systemPrincipal(), async ({ registrations }: Cradle) => registrations.activeById(registrationId));
  if (tool === null || (await licences.decisions.serves(tool.key, school, what))) return;
  throw new Problem({
    type: 'lti/not-licensed',
    status: 403,
    title: 'Forbidden',
    detail: 'The school of this context has no licence for the tool any more.',
  });
}

/** What a route of a service needs: the scopes, one of which suffices, and its name in the trace. */
export interface ToolAccess {
  step: TraceStep;
  /** It belongs to handing in work that was begun: it goes on for a while after the licence of the school has ended. */
  finishes?: boolean;
  scopes: readonly ServiceScope[];
}

/** Checks the token before the kernel reads the body, so that 401 and 403 come before any other error. */
export const withToken = ({ step, scopes }: ToolAccess) => ({
  authorise: async (input: Pick<Input, 'request' | 'services'>): Promise<void> => {
    try {
      await holderOf(input, scopes);
    } catch (error) {
      if (error instanceof Problem) record(input, { step, outcome: outcomeOf(error), registrationId: refusedTool(error) });
      throw error;
    }
  },
});

/** The tool whose token lacks the scope. */
const toolOfRefusal = new WeakMap<Problem, string>();
const refusedTool = (problem: Problem): string | null => toolOfRefusal.get(problem) ?? null;

async function holderOf({ request, services }: Pick<Input, 'request' | 'services'>, scopes: readonly ServiceScope[]) {
  const token = /^Bearer +([\w.~+/-]+=*)$/i.exec(request.header('authorization') ?? '')?.[1];
  if (token === undefined)
    throw unauthorized('Bearer', 'Send the access token of the token endpoint as "Authorization: Bearer …".');
  const holder = await services.accessTokens.holder(token);
  if (holder === null) throw unauthorized('Bearer error="invalid_token"', 'The access token is unknown or has expired.');
  if (!scopes.some((scope) => holder.scopes.includes(scope))) {
    const problem = new Problem({
      type: 'lti/scope-insufficient',
      status: 403,
      title: 'Forbidden',
      detail: `The access token needs the scope ${scopes.join(' or ')}.`,
      headers: { 'www-authenticate': `Bearer error="insufficient_scope", scope="${scopes.join(' ')}"` },
    });
    toolOfRefusal.set(problem, holder.registrationId);
    throw problem;
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
