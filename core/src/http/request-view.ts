import type { Context } from 'koa';
import type { Position } from '../contract/position.js';
import type { RouteRequest } from '../contract/route.js';
import type { TimeLimit } from '../foundation/time-limit.js';
import { type Cursors, listOf } from './cursor.js';
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
  readonly #cursors: () => Cursors;

  constructor(ctx: Context, chosen: string | null, languages: readonly string[], limit: TimeLimit, cursors: () => Cursors) {
    this.#ctx = ctx;
    this.#chosen = chosen;
    this.#languages = languages;
    this.#limit = limit;
    this.#cursors = cursors;
    this.id = ctx.state.requestId as string;
    this.method = ctx.method;
    this.url = ctx.url;
  }

  after(): Position | null {
    const cursor = this.#query().get('after');
    return cursor === null ? null : this.#cursors().open(this.#list(), cursor);
  }

  next(position: Position): string {
    const query = this.#query();
    query.set('after', this.#cursors().seal(this.#list(), position));
    return `${this.#ctx.path}?${query}`;
  }

  #query(): URLSearchParams {
    return new URLSearchParams(this.#ctx.querystring);
  }

  #list(): string {
    return listOf(this.#ctx.state.route as string, this.#ctx.path, this.#query());
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
