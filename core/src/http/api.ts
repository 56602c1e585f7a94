import Router from '@koa/router';
import type { Context } from 'koa';
import { notFound, Problem } from '../contract/problem.js';
import type { Route } from '../contract/route.js';
import { ClientGone } from '../foundation/time-limit.js';
import { callerOf, networkOf } from '../plugins/caller.js';
import { countsOf, type Gate, type GateCall } from '../plugins/gate.js';
import type { ProblemFormat, RouteHost, RouteState } from './route-host.js';
import { problemFormat, type RouteServer, serveRoute } from './serve-route.js';

/** The routes of one plugin. */
interface Served {
  /** Only matches paths; the kernel calls the one route that matches. */
  router: Router;
  /** By route name: `GET /api/directory/people/:id`. */
  routes: Map<string, RouteServer>;
  /** Formats by route name, for routes that format problems themselves. */
  formats: Map<string, ProblemFormat>;
  /** Names of GET routes that change something. They do not answer HEAD, which must be safe (RFC 9110 §9.2.1). */
  changing: Set<string>;
  refused: RouteHost['refused'];
}

/**
 * One router for each plugin, selected by the first path segment, so that the cost of a request does not depend on the number of plugins.
 */
export class Api {
  readonly #plugins = new Map<string, Served>();

  constructor(private readonly gate: Gate) {}

  has(pluginId: string): boolean {
    return this.#plugins.has(pluginId);
  }

  remove(pluginId: string): void {
    this.#plugins.delete(pluginId);
  }

  add(pluginId: string, routes: readonly Route[], host: RouteHost): void {
    const served: Served = {
      router: new Router({ prefix: `/api/${pluginId}`, sensitive: true, strict: true }),
      routes: new Map(),
      formats: new Map(),
      changing: new Set(),
      refused: host.refused,
    };
    for (const route of routes) {
      const name = `${route.method} /api/${pluginId}${route.path}`;
      served.router.register(route.path, [route.method], () => {}, { name });
      served.routes.set(name, serveRoute(route, host));
      if (route.formatProblem !== undefined) served.formats.set(name, problemFormat(route, route.formatProblem));
      if (route.changes !== undefined) served.changing.add(name);
    }
    this.#plugins.set(pluginId, served);
  }

  /**
   * Answers `/api/<plugin>/…`.
   *
   * @throws Problem 404 if no route has this path, 405 if none accepts this method, 503 while the plugin is out of service
   */
  async serve(ctx: Context): Promise<void> {
    const { path } = ctx;
    const id = path.split('/')[2] ?? '';
    const served = this.#plugins.get(id);
    if (served === undefined) {
      const refusal = this.gate.refusal(id);
      if (refusal === null) throw notFound('No plugin of this portal has this address.');
      ctx.state.about.plugin = id;
      throw refusal;
    }
    const { path: matched, pathAndMethod } = served.router.match(path, ctx.method);
    const layer = pathAndMethod[0];
    const state = ctx.state as RouteState;
    // A wrong method is answered in the format of the route with this path.
    const at = layer ?? matched[0];
    state.formatProblem = served.formats.get(at?.name ?? '');
    const serve = served.routes.get(layer?.name ?? '');
    try {
      if (layer === undefined || serve === undefined) throw notHere(matched.flatMap(({ methods }) => methods));
      if (ctx.method === 'HEAD' && served.changing.has(layer.name as string)) throw notHere(['GET']);
      ctx.state.route = layer.name;
      ctx.state.about.plugin = id;
      const params = layer.params(path, layer.captures(path));
      if (id === 'kernel') return await serve(ctx, params);
      return await this.gate.pass(new RouteCall(ctx, id, layer.name as string), () => serve(ctx, params));
    } catch (error) {
      if (served.refused !== undefined && at !== undefined && error instanceof Problem && state.reached !== true) {
        const { about, requestId } = ctx.state;
        const path = String(at.path).slice(`/api/${id}`.length);
        served.refused({ requestId, path, problem: error }, { ...about, plugin: id });
      }
      throw error;
    }
  }
}

/** A request in the form that the gate counts. */
class RouteCall implements GateCall {
  constructor(
    private readonly ctx: Context,
    readonly plugin: string,
    readonly part: string,
  ) {}

  from(): string {
    return networkOf(this.ctx.ip);
  }

  caller(): string {
    return (this.ctx.state as RouteState).http?.caller() ?? callerOf(null, this.ctx.ip);
  }

  counts(error: unknown): 'failure' | 'answer' | 'nothing' {
    if (error instanceof ClientGone) return 'nothing';
    const counted = countsOf(error);
    // A request refused before it reached the handler does not count for the route.
    return counted === 'answer' && (this.ctx.state as RouteState).reached !== true ? 'nothing' : counted;
  }
}

function notHere(allowed: readonly string[]): Problem {
  if (allowed.length === 0) return notFound('There is nothing at this address.');
  const list = allowed.join(', ');
  const detail = `Use ${allowed.join(' or ')}.`;
  return new Problem({ type: 'method-not-allowed', status: 405, title: 'Method not allowed', detail, headers: { allow: list } });
}
