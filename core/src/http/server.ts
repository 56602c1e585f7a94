import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import Koa, { type Context } from 'koa';
import { signInFirst } from '../access/sign-in-first.js';
import { inSpan, type Span, type Tracer } from '../context/span.js';
import { forbidden, notFound, Problem } from '../contract/problem.js';
import type { Logger } from '../contract/services.js';
import type { OutageLog } from '../database/outages/outage-log.js';
import { InputProblem } from '../foundation/input-problem.js';
import { describeError, remedyOf } from '../foundation/log.js';
import type { PluginCosts } from '../foundation/plugin-costs.js';
import { TimedOut } from '../foundation/time-limit.js';
import { OutOfService } from '../plugins/plugin-state.js';
import type { Api } from './api.js';
import type { Assets } from './assets.js';
import { Connections } from './connections.js';
import { dropCookies } from './exchange.js';
import type { Metrics } from './metrics.js';
import type { DescribedApi } from './openapi-page.js';
import { answerFormatted, answerProblem, internalProblem, problemOfDatabase, problemOfOutage } from './problems.js';
import type { RouteState } from './route-host.js';
import type { ShellPage } from './shell-page.js';

export interface ServerParts {
  api: Api;
  assets: Assets;
  metrics: Metrics;
  costs: Pick<PluginCosts, 'request'>;
  /** Null if traces are off. */
  tracer: Tracer | null;
  /** Any of them; none: see `forMonitors`. */
  metricsTokens: readonly string[];
  /** This port is for monitors: every client that can connect may read, unless METRICS_TOKEN is set. */
  forMonitors: boolean;
  /** Answers /live. */
  live(ctx: Context): Promise<void>;
  /** Whether this caller may read the API description. */
  mayReadApi(ctx: Context): Promise<boolean>;
  /** Whether the portal is reached over https. */
  secure: boolean;
  trustProxy: boolean;
  log: Logger;
  outages: Pick<OutageLog, 'takes'>;
  /** `health`: only /health and /metrics. */
  answers: 'all' | 'health';
  /** `ready` is false while starting or stopping, or without a database. */
  readiness(): Promise<{ ready: boolean; [member: string]: unknown }>;
}

/** The pages that depend on the plugins in service. */
export interface ServedPages {
  shell: ShellPage | null;
  openapi(): DescribedApi;
}

const headers = Object.entries({
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'strict-origin-when-cross-origin',
  // Windows that a page opens may tell it that they are done, as tools do; nothing that opens the portal can reach into it.
  'cross-origin-opener-policy': 'same-origin-allow-popups',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'x-frame-options': 'DENY',
  // Otherwise browsers may resolve the hosts of links in a text before anyone follows them.
  'x-dns-prefetch-control': 'off',
});
const API_POLICY = "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";
const BODY_MS = 60_000;
/** Requests of monitors, static files, and streams, which last as long as a page is open. */
const untraced = /^\/(?:health\/|metrics$|assets\/|live$)/;
const requestIdPattern = /^[A-Za-z0-9._-]{8,64}$/;

/**
 * The portal's HTTP server. Every answer passes through `answer`, the only place that converts errors to problems and writes the access
 * log.
 */
export class WebServer {
  readonly #koa = new Koa();
  readonly #server: Server;
  readonly #connections: Connections;
  #shellPage: ShellPage | null = null;
  #openapi: ServedPages['openapi'] | null = null;

  constructor(private readonly parts: ServerParts) {
    this.#koa.proxy = parts.trustProxy;
    // Only the last address is added by the proxy; the client can write those before it.
    this.#koa.maxIpsCount = 1;
    this.#koa.use((ctx) => this.#answer(ctx));
    // An error after the answer began (the client disconnected) is not the portal's fault.
    this.#koa.on('error', (error: Error) => parts.log.debug({ err: error.message }, 'connection'));
    // Bodies have their own time limit, since uploads take longer than other requests.
    this.#server = createServer({ requestTimeout: 0, headersTimeout: 20_000 }, this.#koa.callback());
    this.#connections = new Connections(this.#server, parts.trustProxy);
  }

  show({ shell, openapi }: ServedPages): void {
    this.#shellPage = shell;
    this.#openapi = openapi;
  }

  listen(port: number, host: string | undefined): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once('error', reject);
      this.#server.listen(port, host, () => resolve((this.#server.address() as AddressInfo).port));
    });
  }

  /** Accepts no new connections and waits for open requests; cuts off the rest after `graceMs`. */
  async close(graceMs = 10_000): Promise<void> {
    if (this.#server.listening) await this.#connections.drain(graceMs);
  }

  #answer(ctx: Context): Promise<void> {
    const given = ctx.get('x-request-id');
    const requestId = requestIdPattern.test(given) ? given : randomUUID();
    const { tracer } = this.parts;
    const span = tracer === null || untraced.test(ctx.path) ? null : tracer.request(requestId);
    if (span === null) return this.#measured(ctx, requestId);
    return inSpan(span, async () => {
      await this.#measured(ctx, requestId);
      describeRequest(span, ctx);
    });
  }

  async #measured(ctx: Context, requestId: string): Promise<void> {
    const started = performance.now();
    const { state, res } = ctx;
    state.requestId = requestId;
    state.about = { requestId };
    state.route = 'none';
    headers.forEach(([name, value]) => {
      res.setHeader(name, value);
    });
    res.setHeader('x-request-id', requestId);
    if (sendsBody(ctx)) limitBody(ctx);
    if (this.parts.secure) ctx.set('strict-transport-security', 'max-age=31536000');
    try {
      await this.#dispatch(ctx);
    } catch (error) {
      this.#fail(ctx, error, requestId);
    }
    if (this.#connections.closing && !ctx.headerSent) res.setHeader('connection', 'close');
    const seconds = (performance.now() - started) / 1000;
    const { route, about } = state;
    const plugin = about.plugin ?? 'kernel';
    this.parts.metrics.request(plugin, route, ctx.status, seconds);
    this.parts.costs.request(plugin, seconds * 1_000);
    // The route's pattern instead of the path, which contains ids of people.
    this.parts.log.info({ ...about, route, status: ctx.status, ms: Math.round(seconds * 1000) }, 'request');
  }

  #fail(ctx: Context, error: unknown, requestId: string): void {
    dropCookies(ctx);
    const problem = problemOf(error);
    const { about, route } = ctx.state;
    // These are logged elsewhere: plugins out of service, slow requests, and outages of the database.
    const told =
      error instanceof OutOfService || error instanceof TimedOut || this.parts.outages.takes(error, { ...about, route });
    if (problem.status >= 500 && !told) {
      this.parts.log.error({ ...about, route, remedy: remedyOf(error), err: describeError(error) }, 'request failed');
    } else if (problem instanceof InputProblem) {
      const remedy = 'Let the schemas of the route refuse what its tables cannot store, or throw a problem for this case.';
      const { status, reason } = problem;
      this.parts.log.warn(
        { ...about, route, status, remedy, err: describeError(reason) },
        'input refused by the database, not by the route',
      );
    }
    // A streamed answer that fails is cut off.
    if (ctx.res.headersSent) return;
    ctx.set({ 'content-security-policy': API_POLICY, 'cache-control': 'no-store' });
    try {
      const { formatProblem } = ctx.state as RouteState;
      if (formatProblem === undefined) answerProblem(ctx, problem, requestId);
      else answerFormatted(ctx, problem, formatProblem);
    } catch (unsendable) {
      this.parts.log.error({ ...about, route, remedy: remedyOf(unsendable), err: describeError(unsendable) }, 'request failed');
      answerProblem(ctx, internalProblem(), requestId);
    }
  }

  #dispatch(ctx: Context): Promise<void> | void {
    const { path } = ctx;
    // A proxy and the portal might each use a different one of them (RFC 9112 section 3.2).
    if (hasSeveralHosts(ctx.req.rawHeaders)) {
      throw new Problem({ type: 'malformed-request', status: 400, title: 'More than one Host header' });
    }
    if (path.startsWith('/health/')) return this.#health(ctx);
    if (path === '/metrics') return this.#metrics(ctx);
    if (this.parts.answers === 'health') throw notFound();
    if (path.startsWith('/assets/')) return this.parts.assets.serve(ctx);
    if (path === '/api' || path.startsWith('/api/')) return this.#api(ctx);
    if (path === '/live') return this.#live(ctx);
    return this.#shell(ctx);
  }

  #live(ctx: Context): Promise<void> {
    ctx.state.route = 'GET /live';
    ctx.res.setHeader('content-security-policy', API_POLICY);
    ctx.res.setHeader('cache-control', 'no-store');
    return this.parts.live(ctx);
  }

  #api(ctx: Context): Promise<void> | void {
    const { path, res } = ctx;
    res.setHeader('content-security-policy', API_POLICY);
    res.setHeader('cache-control', 'no-store');
    if (path === '/api/openapi.json' || path === '/api') return this.#describe(ctx);
    return this.parts.api.serve(ctx);
  }

  /** The API description names every plugin and permission, so it requires a session unless API_DOCS is public. */
  async #describe(ctx: Context): Promise<void> {
    ctx.state.route = `GET ${ctx.path}`;
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') throw notFound();
    if (!(await this.parts.mayReadApi(ctx))) throw signInFirst();
    const document = this.#openapi?.();
    if (document === undefined) throw notFound();
    if (ctx.path === '/api/openapi.json') {
      ctx.type = 'json';
      return document.json.send(ctx);
    }
    const { html, contentSecurityPolicy } = document.page;
    ctx.set('content-security-policy', contentSecurityPolicy);
    ctx.type = 'html';
    return html.send(ctx);
  }

  async #shell(ctx: Context): Promise<void> {
    ctx.state.route = 'GET /*';
    const shell = this.#shellPage;
    const served = shell?.documentAt(ctx.path);
    if (served !== undefined) {
      ctx.path = served;
      return this.#api(ctx);
    }
    if ((ctx.method !== 'GET' && ctx.method !== 'HEAD') || shell === null) throw notFound();
    ctx.set({ 'content-security-policy': shell.contentSecurityPolicy, 'cache-control': 'no-cache' });
    ctx.type = 'html';
    if (!shell.isOut(ctx.path)) return shell.html.send(ctx);
    // The page itself shows that the plugin is out of service; the status is for programs.
    ctx.status = 503;
    ctx.set('retry-after', '60');
    ctx.body = shell.html.plain;
  }

  async #health(ctx: Context): Promise<void> {
    ctx.state.route = `GET ${ctx.path}`;
    ctx.set('cache-control', 'no-store');
    if (ctx.path === '/health/live') {
      ctx.body = { status: 'live' };
    } else if (ctx.path === '/health/ready') {
      const { ready, ...rest } = await this.parts.readiness();
      ctx.status = ready ? 200 : 503;
      ctx.body = { status: ready ? 'ready' : 'not ready', ...(this.#isMonitor(ctx) ? rest : {}) };
    } else {
      ctx.state.route = 'none';
      throw notFound();
    }
  }

  async #metrics(ctx: Context): Promise<void> {
    ctx.state.route = 'GET /metrics';
    if (!this.#isMonitor(ctx)) throw forbidden('Send METRICS_TOKEN as a Bearer token, or use METRICS_PORT.');
    const { metrics } = this.parts;
    ctx.set('content-type', metrics.registry.contentType);
    ctx.body = await metrics.registry.metrics();
  }

  /** Never decided by the client's address: behind a proxy on this machine, every client would look local. */
  #isMonitor(ctx: Context): boolean {
    const { metricsTokens, forMonitors } = this.parts;
    if (metricsTokens.length === 0) return forMonitors;
    return metricsTokens.some((token) => sameText(ctx.get('authorization'), `Bearer ${token}`));
  }
}

/** Attributes of OpenTelemetry's semantic conventions for HTTP; the route's pattern instead of the path, which contains ids of people. */
function describeRequest(span: Span, { method, status, state }: Context): void {
  const { route, about } = state as { route: string; about: Record<string, string> };
  span.name = route === 'none' ? method : route;
  if (route !== 'none') span.attributes['http.route'] = route.slice(route.indexOf(' ') + 1);
  Object.assign(span.attributes, {
    'http.request.method': method,
    'http.response.status_code': status,
    'ilearn.plugin': about['plugin'] ?? 'kernel',
    'ilearn.request_id': about['requestId'] ?? '',
  });
  if (status >= 500) span.failed = String(status);
}

const sendsBody = ({ req }: Context): boolean =>
  req.headers['transfer-encoding'] !== undefined || Number(req.headers['content-length'] ?? 0) > 0;

/** Disconnects a client whose body does not arrive in time. Routes that receive uploads set a longer time: `ctx.state.bodyMs`. */
function limitBody(ctx: Context): void {
  const { req, state } = ctx;
  let timer = setTimeout(() => {
    const longer = ((state['bodyMs'] as number | undefined) ?? 0) - BODY_MS;
    if (longer > 0) timer = setTimeout(() => req.socket.destroy(), longer).unref();
    else req.socket.destroy();
  }, BODY_MS).unref();
  for (const event of ['end', 'close']) req.once(event, () => clearTimeout(timer));
}

/** Outages of the database come first: a problem that a plugin makes of one would blame the caller. */
const problemOf = (error: unknown): Problem =>
  problemOfOutage(error) ?? (error instanceof Problem ? error : (problemOfDatabase(error, false) ?? internalProblem()));

/** Compares in constant time. */
function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(one), digest(other));
}

/** @param rawHeaders alternating names and values, as received; `headers` keeps only the first Host, and `headersDistinct` costs more */
function hasSeveralHosts(rawHeaders: readonly string[]): boolean {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] as string;
    if (name.length === 4 && name.toLowerCase() === 'host') hosts++;
  }
  return hosts > 1;
}
