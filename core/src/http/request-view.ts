import type { Context } from 'koa';
import type { RouteRequest } from '../contract/route.js';
import type { TimeLimit } from '../foundation/time-limit.js';

export const headerOf = (ctx: Context, name: string): string | undefined => {
  const value = ctx.req.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** Repeated names become arrays. */
export function queryOf(ctx: Context): Record<string, string | string[]> {
  const query = new Map<string, string | string[]>();
  for (const [name, value] of new URLSearchParams(ctx.querystring)) {
    const before = query.get(name);
    if (before === undefined) query.set(name, value);
    else if (typeof before === 'string') query.set(name, [before, value]);
    else before.push(value);
  }
  return Object.fromEntries(query);
}

/** The request as a handler sees it. */
export class RequestView implements RouteRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  /** Also when it is taken out of here. */
  readonly header = (name: string): string | undefined => headerOf(this.#ctx, name);
  // Out of a handler's reach: the kernel goes on with them after it.
  readonly #ctx: Context;
  readonly #chosen: string | null;
  readonly #languages: readonly string[];
  readonly #limit: TimeLimit;

  constructor(ctx: Context, chosen: string | null, languages: readonly string[], limit: TimeLimit) {
    this.#ctx = ctx;
    this.#chosen = chosen;
    this.#languages = languages;
    this.#limit = limit;
    this.id = ctx.state.requestId as string;
    this.method = ctx.method;
    this.url = ctx.url;
  }

  get signal(): AbortSignal {
    return this.#limit.signal;
  }

  get address(): string {
    return this.#ctx.ip;
  }

  get language(): string {
    return this.#chosen ?? (this.#ctx.acceptsLanguages([...this.#languages]) || (this.#languages[0] as string));
  }
}
