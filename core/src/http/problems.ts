import { validateHeaderName, validateHeaderValue } from 'node:http';
import type { Context } from 'koa';
import type { Outage } from '../context/unit.js';
import { Problem } from '../contract/problem.js';
import { isUnsure, outageOf } from '../database/outages/outage.js';
import { dataFaultOf, isContention, isRestricted } from '../database/unit/data-error.js';
import { InputProblem } from '../foundation/input-problem.js';
import type { ProblemFormat } from './route-host.js';
import { isByteStream } from './stream.js';

/** Answers with RFC 9457 problem details; `type` is a stable relative reference. */
export function answerProblem(ctx: Context, problem: Problem, requestId: string): void {
  checkProblem(problem);
  const body = problemMembers(problem, ctx.path, requestId);
  ctx.status = problem.status;
  ctx.set(problem.headers);
  ctx.body = body;
  ctx.set('content-type', 'application/problem+json');
}

/** Answers in the route's format, with the headers of the problem. */
export function answerFormatted(ctx: Context, problem: Problem, format: ProblemFormat): void {
  checkProblem(problem);
  const { status, headers, body } = format(problem);
  if (isByteStream(body)) throw new Error('formatProblem of the route returns a stream: return text or an object');
  ctx.set({ ...problem.headers, ...headers });
  ctx.body = body ?? null;
  ctx.status = status;
}

/** @throws Error if the problem cannot be sent */
export function checkProblem(problem: Problem): Problem {
  const { status, headers } = problem;
  if (!Number.isInteger(status) || status < 400 || status > 599) {
    throw new Error(`the route returns a problem with the status ${status}: give it one from 400 to 599`);
  }
  for (const [name, value] of Object.entries(headers)) {
    validateHeaderName(name);
    validateHeaderValue(name, value);
  }
  problemMembers(problem, '', '');
  return problem;
}

const problemMembers = (problem: Problem, instance: string, requestId: string): string =>
  JSON.stringify({
    ...problem.extra,
    type: `/problems/${problem.type}`,
    title: problem.title,
    status: problem.status,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
    instance,
    requestId,
  });

/** The answer for errors that were not meant for the caller. */
export const internalProblem = (): Problem =>
  new Problem({
    type: 'internal',
    status: 500,
    title: 'Something went wrong',
    detail: 'Nothing was stored. Try again; if it happens again, give the operator the request id.',
  });

/** The answer if the database failed; null if it did not. */
export function problemOfOutage(error: unknown): Problem | null {
  const outage = outageOf(error);
  if (outage === null) return null;
  const nothing = isUnsure(error)
    ? 'It is unknown whether this was stored: check before you send it again.'
    : 'Nothing was stored; try again in a moment.';
  const { type, title, seconds } = outages[outage];
  return new Problem({ type, status: 503, title, detail: nothing, headers: { 'retry-after': `${seconds}` } });
}

const away = { type: 'database-unavailable', title: 'The database cannot be reached', seconds: 5 };
const busy = { type: 'database-busy', title: 'The database is busy', seconds: 2 };
const outages: Record<Outage, typeof away> = {
  unreachable: away,
  crowded: away,
  full: { ...away, title: 'The database cannot store anything', seconds: 60 },
  'read-only': { ...away, title: 'The database cannot store anything' },
  locked: busy,
  slow: busy,
};

/** The answer to a request that would change data of a person who is restricted (GDPR art. 18). */
const restricted = (): Problem =>
  new Problem({
    type: 'restricted',
    status: 423,
    title: 'Data of this person are restricted',
    detail:
      'Somebody asked that data of this person are kept, but not used, until a question about them is settled. ' +
      'Nothing was changed. Ask whoever answers for privacy in your school.',
  });

/**
 * The answer for a database error caused by the caller's values; null for all others.
 *
 * @param given whether the request carried values: only then can its sender be the cause
 */
export function problemOfDatabase(error: unknown, given: boolean): Problem | null {
  if (isContention(error)) {
    const detail = 'Another change happened at the same time. Nothing was stored; try again.';
    return new Problem({ type: 'busy', status: 503, title: 'Try again', detail, headers: { 'retry-after': '1' } });
  }
  if (isRestricted(error)) return restricted();
  switch (given ? dataFaultOf(error) : null) {
    case 'value': {
      const detail = 'A value in the request cannot be stored: it is too long, too large, or of the wrong type.';
      return new InputProblem({ type: 'invalid-value', status: 400, title: 'Invalid value', detail }, error);
    }
    case 'rows': {
      const detail = 'The request conflicts with stored data. Nothing was changed; load the data again, then retry.';
      return new InputProblem({ type: 'conflict', status: 409, title: 'Conflict', detail }, error);
    }
    default:
      return null;
  }
}
