import type { Context } from 'koa';
import type { Metric } from 'prom-client';
import { LiveSessions } from '../access/live-sessions.js';
import type { Permissions } from '../access/roles.js';
import type { ProcessRole, Settings } from '../config/settings.js';
import type { Telemetry } from '../context/span.js';
import type { MachineClient } from '../contract/machines.js';
import type { Route } from '../contract/route.js';
import type { Portal } from '../contract/services.js';
import type { DatabaseHome } from '../database/homes/home.js';
import type { OutageLog } from '../database/outages/outage-log.js';
import type { Uploads } from '../files/uploads.js';
import { describeError, type KernelLogger } from '../foundation/log.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import type { PluginCosts } from '../foundation/plugin-costs.js';
import type { LiveHub } from '../live/hub.js';
import { Budgets } from '../machines/budgets.js';
import { MachineIdentifier } from '../machines/identify.js';
import type { Composition } from '../plugins/composition.js';
import type { Gate } from '../plugins/gate.js';
import { isRecorded } from '../privacy/person-table.js';
import type { Privacy } from '../privacy/privacy.js';
import type { WorkRunner } from '../unit-of-work/work-runner.js';
import { Api } from './api.js';
import { Assets } from './assets.js';
import { Cursors } from './cursor.js';
import { readSessionCookie } from './exchange.js';
import { kernelRoutes } from './kernel-routes.js';
import { liveDescription, serveLive } from './live-stream.js';
import { Metrics } from './metrics.js';
import { describeApi, describeRoutes, type OpenApiDocument } from './openapi.js';
import { type DescribedApi, describedApi } from './openapi-page.js';
import type { RouteHost } from './route-host.js';
import { type ServerParts, WebServer } from './server.js';
import { createShellPage, type ServedUi, type ShellPage, serveUi } from './shell-page.js';

export interface PortalServerParts {
  composition: Composition;
  gate: Gate;
  runner: WorkRunner;
  permissions: Permissions;
  privacy: Privacy;
  live: LiveHub;
  settings: Settings;
  portal: Portal & { url: string };
  home: DatabaseHome;
  uploads: Uploads;
  /** Metrics of other parts, to be served. */
  metrics: readonly Metric[];
  costs: PluginCosts;
  /** Null if it is off. */
  telemetry: Telemetry | null;
  /** The portal's master key. */
  master(): Uint8Array;
  /** For tests: clients by bearer token. */
  machines: ReadonlyMap<string, MachineClient> | undefined;
  uiFolder: string | null;
  log: KernelLogger;
  outages: OutageLog;
  readiness(): Promise<{ ready: boolean; [member: string]: unknown }>;
  /** Number of messages by state. */
  messages(): Promise<Record<string, number>>;
  engine(): Promise<{ name: string; reachable: boolean }>;
  /** `worker` serves /health and /metrics only. */
  only: ProcessRole | undefined;
  states(): Record<string, { state: string; resting?: string[] }>;
  /** Quarantines a plugin whose routes or pages cannot be served. */
  reject(id: string, error: unknown): void;
}

/** Serves the routes and pages of the plugins in service; `refresh` updates it when these change. */
export class PortalServer {
  readonly #assets = new Assets();
  readonly #api: Api;
  readonly #metrics: Metrics;
  readonly #server: WebServer;
  /** The second server, for METRICS_PORT. */
  readonly #monitored: WebServer | null;
  readonly #sessions: LiveSessions;
  readonly #machines: MachineIdentifier;
  readonly #origins: string[];
  readonly #secure: boolean;
  readonly #served = new Map<string, { routes: readonly Route[]; ui: ServedUi | null }>();

  constructor(private readonly parts: PortalServerParts) {
    const { gate, permissions, privacy, settings, portal, log, home } = parts;
    this.#secure = portal.url.startsWith('https:');
    this.#origins = [portal.url];
    this.#sessions = new LiveSessions(home.pool);
    const { composition, runner, machines: known } = parts;
    this.#machines = new MachineIdentifier({ composition, gate, runner, log, known });
    const { pool } = home;
    this.#metrics = new Metrics({
      messages: parts.messages,
      engine: parts.engine,
      connections: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
      live: () => parts.live.counts,
      plugins: () => Object.fromEntries(Object.entries(parts.states()).map(([id, { state }]) => [id, state])),
      resting: () =>
        Object.entries(parts.states()).flatMap(([id, { resting = [] }]) => resting.map((part): [string, string] => [id, part])),
    });
    for (const each of parts.metrics) this.#metrics.registry.registerMetric(each);
    parts.telemetry?.measure(() => this.#metrics.registry.getMetricsAsJSON());
    this.#api = new Api(gate);
    const ofKernel = kernelRoutes(permissions, privacy);
    this.#api.add('kernel', ofKernel, {
      ...this.#host(),
      pluginId: 'kernel',
      uploads: null,
      audited: true,
      answersRequests: false,
      services: () => ({}),
    });
    this.#served.set('kernel', { routes: ofKernel, ui: null });
    const served: ServerParts = {
      api: this.#api,
      assets: this.#assets,
      metrics: this.#metrics,
      costs: parts.costs,
      tracer: parts.telemetry?.tracer ?? null,
      metricsTokens: [settings.metricsToken, settings.previousMetricsToken].filter((token) => token !== undefined),
      forMonitors: false,
      live: serveLive({ hub: parts.live, runner: parts.runner, secure: this.#secure }),
      mayReadApi: (ctx) => this.#mayReadApi(ctx),
      secure: this.#secure,
      trustProxy: settings.trustProxy,
      log,
      outages: parts.outages,
      answers: parts.only === 'worker' ? 'health' : 'all',
      readiness: parts.readiness,
    };
    this.#server = new WebServer(served);
    this.#monitored =
      settings.metricsPort === undefined ? null : new WebServer({ ...served, answers: 'health', forMonitors: true });
  }

  /** Returns the port. */
  async listen(): Promise<number> {
    const { settings, portal } = this.parts;
    this.refresh();
    await this.#monitored?.listen(settings.metricsPort as number, settings.metricsHost);
    // If the portal's address is local to this machine, do not listen on the network.
    const port = await this.#server.listen(settings.port, settings.host ?? (isLoopback(portal.url) ? '127.0.0.1' : undefined));
    if (settings.port === 0 && settings.publicUrl === undefined) {
      portal.url = `http://localhost:${port}`;
      this.#origins[0] = portal.url;
    }
    // On this machine, both names belong to the portal.
    if (settings.publicUrl === undefined) this.#origins.push(`http://127.0.0.1:${port}`);
    return port;
  }

  async close(): Promise<void> {
    // The server waits for open responses, and streams end only when asked to.
    await Promise.all([this.parts.live.stop(), this.#server.close()]);
    await this.#monitored?.close();
  }

  /** Call this when the set of plugins in service has changed. */
  refresh(): void {
    const { composition } = this.parts;
    for (const plugin of composition.active) {
      if (!this.#served.has(plugin.id)) this.#serve(plugin);
    }
    for (const id of this.#served.keys()) {
      if (id === 'kernel' || composition.isActive(id)) continue;
      this.#api.remove(id);
      this.#served.delete(id);
    }
    // Generated on demand: describing a thousand routes takes as long as starting their plugins.
    let openapi: DescribedApi | null = null;
    this.#server.show({
      shell: this.#shell(),
      openapi: () => {
        openapi ??= describedApi(this.#describe());
        return openapi;
      },
    });
  }

  async #mayReadApi(ctx: Context): Promise<boolean> {
    if (this.parts.settings.apiDocs === 'public') return true;
    const cookie = readSessionCookie(ctx, this.#secure);
    return cookie !== undefined && (await this.parts.runner.run({}, ({ unit }) => this.#sessions.find(unit, cookie))) !== null;
  }

  #describe(): OpenApiDocument {
    const { portal, log } = this.parts;
    const described = new Map<string, OpenApiDocument['paths']>();
    for (const [id, { routes }] of this.#served) {
      try {
        described.set(id, describeRoutes(id, routes));
      } catch (error) {
        const remedy = 'Use schemas that JSON Schema can express; ilearn plugin check names the route.';
        log.error({ plugin: id, err: describeError(error), remedy }, 'its routes are missing from the OpenAPI document');
      }
    }
    described.set('kernel', { ...described.get('kernel'), ...liveDescription });
    return describeApi(portal.url, described);
  }

  #serve(plugin: CheckedPlugin): void {
    const { runner, uiFolder, uploads, reject } = this.parts;
    const { id } = plugin;
    const routes = plugin.definition.routes ?? [];
    try {
      this.#api.add(id, routes, {
        ...this.#host(),
        pluginId: id,
        uploads: {
          room: ({ unit, principal }) => uploads.room(unit, principal.tenants),
          receive: (request, fields, room) => uploads.receive(request, plugin, fields, room),
        },
        audited: isRecorded(plugin),
        answersRequests: plugin.definition.privileges?.includes('privacy') === true,
        refused: this.#refusedOf(plugin),
        services: (frame) => runner.cradleOf(id, frame),
      });
      const ui = uiFolder === null ? null : serveUi(plugin, this.#assets);
      if (ui !== null) this.parts.costs.bundle(id, ui.codeBytes);
      this.#served.set(id, { routes, ui });
    } catch (error) {
      this.#api.remove(id);
      reject(id, error);
    }
  }

  #refusedOf({ id, definition }: CheckedPlugin): RouteHost['refused'] {
    if (definition.refused === undefined) return undefined;
    const { runner, log } = this.parts;
    return (request, about) => {
      try {
        definition.refused?.(request, { http: runner.httpOf(id) });
      } catch (error) {
        log.warn({ ...about, err: describeError(error) }, 'refused() of the plugin failed');
      }
    };
  }

  #shell(): ShellPage | null {
    const { uiFolder, composition } = this.parts;
    if (uiFolder === null) return null;
    const standing = composition.active.flatMap(({ id }) => this.#served.get(id)?.ui ?? []);
    const absent = composition.entries
      .filter(({ id }) => composition.isOut(id))
      .map(({ id, checked, remembered }) => ({ id, pages: checked?.definition.ui?.pages ?? remembered?.pages ?? [] }));
    return createShellPage(uiFolder, standing, absent, this.#assets, this.#origins);
  }

  #host() {
    const { runner, permissions, portal, master } = this.parts;
    let made: Cursors | null = null;
    const cursors = (): Cursors => {
      made ??= new Cursors(master());
      return made;
    };
    const shared = {
      runner,
      permissions,
      sessions: this.#sessions,
      machines: this.#machines,
      budgets: new Budgets(runner),
      cursors,
      languages: portal.languages,
    };
    const slow: RouteHost['slow'] = (about, { route, ms, limitMs, over }) => {
      this.#metrics.slow(about['plugin'] ?? 'kernel', route);
      const remedy = 'Check its statements; move long work into a job, or set the timeoutMs of the route.';
      this.parts.log.warn({ ...about, route, ms, limitMs, over, remedy }, 'slow');
    };
    const unsettled: RouteHost['unsettled'] = (about, error) => {
      if (!this.parts.outages.takesOwn(error))
        this.parts.log.warn({ ...about, err: describeError(error) }, 'uploads not removed yet');
    };
    return { ...shared, origins: this.#origins, secure: this.#secure, slow, unsettled };
  }
}

const isLoopback = (url: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
