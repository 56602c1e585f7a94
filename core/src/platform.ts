import { Permissions } from './access/roles.js';
import { readMasterKey } from './access/secrets.js';
import { deleteDeadSessions } from './access/sessions.js';
import { BootReport } from './boot-report.js';
import type { Settings } from './config/settings.js';
import { createPluginContainers } from './container/create-containers.js';
import type { PluginContainer } from './container/plugin-container.js';
import type { Portal } from './contract/services.js';
import { type DatabaseHome, openHome } from './database/home.js';
import { type MigrationReport, migrate } from './database/migrate.js';
import { RoleNames } from './database/names.js';
import { Api } from './http/api.js';
import { Assets } from './http/assets.js';
import { kernelRoutes } from './http/kernel-routes.js';
import { Metrics } from './http/metrics.js';
import { describeApi } from './http/openapi.js';
import { WebServer } from './http/server.js';
import { createShellPage } from './http/shell-page.js';
import type { KernelLogger } from './log.js';
import { deliverWith } from './messages/delivery.js';
import type { JobEngine } from './messages/engine.js';
import { PgBossEngine } from './messages/pg-boss-engine.js';
import { Publishing } from './messages/publishing.js';
import { Relay } from './messages/relay.js';
import { checkPlugins } from './plugins/check.js';
import { CompositionError, type Fault } from './plugins/fault.js';
import type { CheckedPlugin, LoadedPlugin } from './plugins/loaded.js';
import { WorkRunner } from './work-runner.js';

export interface PlatformOptions {
  settings: Settings;
  plugins: readonly LoadedPlugin[];
  /** Faults found before: they are reported with the others. */
  faults?: readonly Fault[];
  /** Goes on from what was timed before. */
  report?: BootReport;
  log: KernelLogger;
  /** Folder of the built UI; null: the portal has no pages. */
  uiFolder: string | null;
  /** An open database, in place of the one that the settings name. */
  home?: DatabaseHome;
}

const HOUSEKEEPING_MS = 15 * 60_000;

/**
 * One portal: kernel and plugins. Boots in phases — check, migrate, start, serve — and stops in reverse. Until every phase
 * before it has passed, none begins.
 */
export class Platform {
  readonly report: BootReport;
  readonly announcements: string[] = [];
  readonly plugins: readonly CheckedPlugin[];
  readonly permissions: Permissions;
  readonly #faults: Fault[];
  readonly #names: RoleNames;
  readonly #stops: { id: string; stop: () => Promise<void> }[] = [];
  readonly #containers = new Map<string, PluginContainer>();
  readonly #portal: { url: string; languages: readonly string[] };
  #home: DatabaseHome | null;
  #runner: WorkRunner | null = null;
  #relay: Relay | null = null;
  #engine: JobEngine | null = null;
  #server: WebServer | null = null;
  #master: Uint8Array | null = null;
  #housekeeping: NodeJS.Timeout | null = null;
  #state: 'stopped' | 'starting' | 'ready' | 'stopping' = 'stopped';

  constructor(private readonly options: PlatformOptions) {
    const { settings, plugins, faults = [] } = options;
    this.report = options.report ?? new BootReport();
    const checked = this.report.check(() => checkPlugins(plugins));
    this.plugins = checked.plugins;
    this.#faults = [...faults, ...checked.faults];
    this.permissions = new Permissions(checked.plugins.map(({ definition }) => definition));
    this.#names = new RoleNames(settings.rolePrefix);
    this.#home = options.home ?? null;
    this.#portal = { url: settings.publicUrl ?? `http://localhost:${settings.port}`, languages: ['nl', 'en', 'fr'] };
  }

  get portal(): Portal {
    return this.#portal;
  }

  /** Opens units of work; there once `prepare` has passed. */
  get runner(): WorkRunner {
    if (this.#runner === null) throw new Error('the platform is not prepared');
    return this.#runner;
  }

  async home(): Promise<DatabaseHome> {
    const { settings } = this.options;
    this.#home ??= await openHome(
      settings.databaseUrl === undefined
        ? { folder: settings.dataDir }
        : { url: settings.databaseUrl, connections: settings.databaseConnections },
    );
    return this.#home;
  }

  /**
   * Checks everything, then brings the database up to the composition, or says all that is wrong and changes nothing.
   *
   * @throws CompositionError with every fault
   */
  async migrate({ rehearse = false } = {}): Promise<MigrationReport> {
    return this.report.phase('migrate', async (time) => {
      const home = await this.home();
      const faulty = new Set(this.#faults.map(({ plugin }) => plugin));
      // Plugins that failed the check are tried too where they can be, so that one report tells all.
      const report = await migrate(home, this.plugins, this.#names, { rehearse: rehearse || faulty.size > 0, time });
      const faults = [...this.#faults, ...report.faults];
      if (faults.length > 0) throw new CompositionError(faults);
      return report;
    });
  }

  /** Builds containers and runs nothing yet: enough for commands. */
  async prepare(): Promise<void> {
    const home = await this.home();
    const { log, settings } = this.options;
    this.#runner = new WorkRunner(home, this.#containers, log);
    this.#relay = new Relay(home, this.plugins, log);
    createPluginContainers(this.#containers, {
      plugins: this.plugins,
      names: this.#names,
      portal: this.#portal,
      publishing: new Publishing(this.plugins, this.#relay.kick),
      permissions: this.permissions,
      runner: this.#runner,
      master: () => this.#master as Uint8Array,
    });
    await this.#runner.run({}, async (frame) => {
      this.#master = await readMasterKey(frame.unit, settings.secretKey);
      const faults: Fault[] = [];
      for (const [id, container] of this.#containers) {
        try {
          container.resolveAll(frame);
        } catch (error) {
          faults.push({
            plugin: id,
            where: 'services',
            message: (error as Error).message,
            mend: 'See the message; nothing was started.',
          });
        }
      }
      if (faults.length > 0) throw new CompositionError(faults);
    });
  }

  /** Check, migrate, start, serve. Returns the port. */
  async start(): Promise<number> {
    this.#state = 'starting';
    await this.migrate();
    await this.report.phase('start', async (time) => {
      await this.prepare();
      for (const plugin of this.plugins) await time(plugin.id, () => this.#startPlugin(plugin));
      await time('jobs', () => this.#startJobs());
    });
    const port = await this.report.phase('serve', () => this.#serve());
    this.#housekeeping = setInterval(() => void this.#keepHouse(), HOUSEKEEPING_MS);
    this.#state = 'ready';
    return port;
  }

  /** Stops in reverse: no new requests, those under way end, then jobs, then plugins, then the database. */
  async stop(): Promise<void> {
    this.#state = 'stopping';
    if (this.#housekeeping !== null) clearInterval(this.#housekeeping);
    await this.#server?.close();
    await this.#relay?.stop();
    await this.#engine?.stop();
    for (const { id, stop } of this.#stops.reverse()) {
      // In an async function of its own: a hook may throw at once, or return no promise.
      await (async () => stop())().catch((error: Error) => this.options.log.warn({ plugin: id, err: error.message }, 'stop'));
    }
    if (this.options.home === undefined) await this.#home?.close();
    this.#state = 'stopped';
  }

  /** Messages that are due and not yet done. */
  async pendingMessages(): Promise<number> {
    this.#relay?.kick();
    this.#engine?.nudge();
    return (await this.#relay?.pending()) ?? 0;
  }

  async #startJobs(): Promise<void> {
    const home = await this.home();
    const engine = new PgBossEngine(home, this.options.log);
    this.#engine = engine;
    await engine.start();
    await engine.work(deliverWith(home, this.plugins, this.runner, this.options.log));
    await this.#relay?.start(engine);
  }

  async #startPlugin(plugin: CheckedPlugin): Promise<void> {
    const { log } = this.options;
    const stop = await plugin.definition.start?.({
      work: (fn) => this.work(plugin.id, fn),
      config: plugin.config,
      log: log.child({ plugin: plugin.id }),
      portal: this.#portal,
      announce: (line) => this.announcements.push(line),
    });
    if (typeof stop === 'function') this.#stops.push({ id: plugin.id, stop });
  }

  /** One unit of work as the system, with a plugin's services. */
  // biome-ignore lint/suspicious/noExplicitAny: the caller names the cradle
  work<T>(pluginId: string, fn: (services: any) => Promise<T>): Promise<T> {
    return this.runner.run({ about: { plugin: pluginId } }, (frame) => fn(this.runner.cradleOf(pluginId, frame)));
  }

  async #serve(): Promise<number> {
    const { settings, log, uiFolder } = this.options;
    const secure = this.#portal.url.startsWith('https:');
    const assets = new Assets();
    const api = new Api();
    const origins: string[] = [this.#portal.url];
    const host = { runner: this.runner, permissions: this.permissions, origins, secure, languages: this.#portal.languages };
    const ofKernel = kernelRoutes(this.permissions);
    api.add('kernel', ofKernel, { ...host, pluginId: 'kernel', services: () => ({}) });
    for (const { id, definition } of this.plugins) {
      api.add(id, definition.routes ?? [], { ...host, pluginId: id, services: (frame) => this.runner.cradleOf(id, frame) });
    }
    const described = this.plugins.map(({ id, definition }) => ({ id, routes: definition.routes ?? [] }));
    const { pool } = await this.home();
    this.#server = new WebServer({
      api,
      assets,
      shell: uiFolder === null ? null : createShellPage(uiFolder, this.plugins, assets),
      openapi: describeApi(this.#portal.url, [{ id: 'kernel', routes: ofKernel }, ...described]),
      metrics: new Metrics({
        messages: async () => (await this.#relay?.counts()) ?? { pending: 0, failed: 0 },
        connections: () => ({ total: pool.totalCount, idle: pool.idleCount, waiting: pool.waitingCount }),
      }),
      metricsToken: settings.metricsToken,
      secure,
      trustProxy: settings.trustProxy,
      log,
      readiness: () => this.#readiness(),
    });
    // Who is told an address of this machine only is not served to the whole network.
    const port = await this.#server.listen(
      settings.port,
      settings.host ?? (isLoopback(this.#portal.url) ? '127.0.0.1' : undefined),
    );
    if (settings.port === 0 && settings.publicUrl === undefined) {
      this.#portal.url = `http://localhost:${port}`;
      origins[0] = this.#portal.url;
    }
    // Reached on the machine itself, both names of it are the portal's own.
    if (settings.publicUrl === undefined) origins.push(`http://127.0.0.1:${port}`);
    return port;
  }

  async #readiness(): Promise<{ ready: boolean; database: string; plugins: Record<string, { state: string; version: string }> }> {
    const database = await (await this.home()).pool.query('select 1').then(
      () => 'reachable',
      () => 'unreachable',
    );
    const plugins = this.plugins.map(({ id, definition }) => [
      id,
      { state: this.#state === 'ready' ? 'started' : this.#state, version: definition.version },
    ]);
    return { ready: this.#state === 'ready' && database === 'reachable', database, plugins: Object.fromEntries(plugins) };
  }

  async #keepHouse(): Promise<void> {
    try {
      await this.runner.run({}, ({ unit }) => deleteDeadSessions(unit));
    } catch (error) {
      this.options.log.warn({ err: (error as Error).message }, 'housekeeping');
    }
  }
}

const isLoopback = (url: string): boolean => /^(localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(new URL(url).hostname);
