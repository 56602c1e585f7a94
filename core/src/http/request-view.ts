import type { Context } from 'koa';
import type { RouteRequest } from '../contract/route.js';
import type { TimeLimit } from '../foundation/time-limit.js';
import { collectPairs } from './pairs.js';

export const headerOf = (ctx: Context, name: string): string | undefined => {
  const value = ctx.req.headers[name];
  return Array.isArray(value) ? value[0] : value;
};

/** The query; repeated names become arrays. */
export const queryOf = (ctx: Context): Record<string, string | string[]> => collectPairs(new URLSearchParams(ctx.querystring));

/** The request as a handler sees it. */
export class RequestView implements RouteRequest {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  /** An arrow function, because handlers may detach it from the object. */
  readonly header = (name: string): string | undefined => headerOf(this.#ctx, name);
  // Private, so that handlers cannot reach koa's context, which the kernel still uses.
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
