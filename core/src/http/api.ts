import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import { notFound, Problem } from '../contract/problem.js';
import type { Route } from '../contract/route.js';
import type { Gate } from '../plugins/gate.js';
import { type RouteHost, serveRoute } from './serve-route.js';

/** One router for each plugin, found by the first path segment: a request's cost does not grow with the number of plugins. */
export class Api {
  readonly #routers = new Map<string, Middleware>();

  constructor(private readonly gate: Gate) {}

  has(pluginId: string): boolean {
    return this.#routers.has(pluginId);
  }

  remove(pluginId: string): void {
    this.#routers.delete(pluginId);
  }

  add(pluginId: string, routes: readonly Route[], host: RouteHost): void {
    const router = new Router({ prefix: `/api/${pluginId}` });
    for (const route of routes) {
      const serve = serveRoute(route, host);
      router.register(route.path, [route.method], async (ctx) => {
        ctx.state.route = `${route.method} /api/${pluginId}${route.path}`;
        ctx.state.about.plugin = pluginId;
        const answer = () => serve(ctx as unknown as Context, ctx.params as Record<string, string>);
        await (pluginId === 'kernel' ? answer() : this.gate.pass(pluginId, answer));
      });
    }
    this.#routers.set(pluginId, router.routes() as unknown as Middleware);
  }

  /** Answers `/api/<plugin>/…`; a 404 when nothing there does, a 503 while its plugin is out of service. */
  readonly serve: Middleware = async (ctx) => {
    const id = ctx.path.split('/')[2] ?? '';
    const router = this.#routers.get(id);
    if (router === undefined) {
      const refusal = this.gate.refusal(id);
      if (refusal === null) throw notFound('No plugin of this portal answers here.');
      ctx.state.about.plugin = id;
      throw refusal;
    }
    let missed = false;
    await router(ctx, async () => {
      missed = true;
    });
    if (!missed) return;
    const allowed = (ctx.matched as { methods: string[] }[] | undefined)?.flatMap(({ methods }) => methods) ?? [];
    if (allowed.length === 0) throw notFound('There is nothing at this address.');
    throw new Problem({
      type: 'method-not-allowed',
      status: 405,
      title: 'Method not allowed',
      detail: `Use ${allowed.join(' or ')}.`,
      headers: { allow: allowed.join(', ') },
    });
  };
}
