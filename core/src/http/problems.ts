import type { Context } from 'koa';
import { Problem } from '../contract/problem.js';

/** Answers with RFC 9457 problem details; `type` is a stable relative reference. */
export function answerProblem(ctx: Context, problem: Problem, requestId: string): void {
  ctx.status = problem.status;
  ctx.set(problem.headers);
  ctx.body = JSON.stringify({
    ...problem.extra,
    type: `/problems/${problem.type}`,
    title: problem.title,
    status: problem.status,
    ...(problem.detail === undefined ? {} : { detail: problem.detail }),
    ...(problem.errors === undefined ? {} : { errors: problem.errors }),
    instance: ctx.path,
    requestId,
  });
  ctx.set('content-type', 'application/problem+json');
}

/** What an error that nobody meant for the caller looks like to them. */
export const internalProblem = (): Problem =>
  new Problem({
    type: 'internal',
    status: 500,
    title: 'Something went wrong',
    detail: 'Nothing was stored. Try again; if it stays, give the operator the request id.',
  });

/** PostgreSQL's refusals that are the caller's doing rather than ours. */
export function problemOfDatabase(error: unknown): Problem | null {
  const code = (error as { code?: unknown } | null | undefined)?.code;
  if (code === '22021' || code === '22P05') {
    return new Problem({
      type: 'invalid-text',
      status: 400,
      title: 'Invalid text',
      detail: 'The text holds a character that cannot be stored (NUL).',
    });
  }
  if (code === '40001' || code === '40P01') {
    return new Problem({
      type: 'busy',
      status: 503,
      title: 'Try again',
      detail: 'Two changes met. Nothing was stored; try again.',
      headers: { 'retry-after': '1' },
    });
  }
  return null;
}
