import { Permissions } from './access/roles.js';
import { deleteDeadSessions } from './access/sessions.js';
import { BootReport } from './boot-report.js';
import type { Settings } from './config/settings.js';
import type { Containers } from './container/create-containers.js';
import type { Portal } from './contract/services.js';
import { type DatabaseAddress, type DatabaseHome, openHome } from './database/home.js';
import type { MigrationReport } from './database/migrate.js';
import { RoleNames } from './database/names.js';
import { WebSide } from './http/web-side.js';
import { LivePlugins, type Reload } from './lifecycle/live-plugins.js';
import { StateSync } from './lifecycle/state-sync.js';
import { type Outcome, runVerb, type VerbInput } from './lifecycle/verbs.js';
import type { KernelLogger } from './log.js';
import { deliverWith } from './messages/delivery.js';
import type { JobEngine } from './messages/engine.js';
import { PgBossEngine } from './messages/pg-boss-engine.js';
import { Publishing } from './messages/publishing.js';
import { Relay } from './messages/relay.js';
import { Activation } from './plugins/activation.js';
import { Composition } from './plugins/composition.js';
import { CompositionError, type Fault } from './plugins/fault.js';
import { Gate } from './plugins/gate.js';
import type { CheckedPlugin, LoadedPlugin } from './plugins/loaded.js';
import { MemoryWatch } from './plugins/memory-watch.js';
import { inOrder } from './plugins/order.js';
import { PluginRuntime } from './plugins/runtime.js';
import { recallPlugins, rememberPlugins } from './plugins/stored-states.js';
import { Privacy } from './privacy/privacy.js';
import { WorkRunner } from './work-runner.js';

export interface PlatformOptions {
  settings: Settings;
  plugins: readonly LoadedPlugin[];
  /** Packages that could not be loaded; `plugin` is the package's name. */
  unloaded?: readonly Fault[];
  /** Faults of the portal itself (environment, configuration): it does not start with them. */
  faults?: readonly Fault[];
  /** Packages without which the portal does not start; unless told, all of them. */
  required?: readonly string[] | 'all';
  /** Goes on from what was timed before. */
  report?: BootReport;
  log: KernelLogger;
  /** Folder of the built UI; null: the portal has no pages. */
  uiFolder: string | null;
  /** Packages that were not loaded because they are disabled. */
  skipped?: readonly string[];
  /** Imports a package anew, when it is tried again. */
  reload?: Reload;
  /** An open database, in place of the one that the settings name; who opened it closes it, unless told. */
  home?: DatabaseHome;
  closesHome?: boolean;
}

const HOUSEKEEPING_MS = 15 * 60_000;

/**
 * One portal: kernel and plugins. Boots in phases — check, migrate, start, serve — and stops in reverse. A plugin that fails at one
 * of them is out of service with its cause; the portal is there for the others.
 */
export class Platform {
  readonly report: BootReport;
  readonly announcements: string[] = [];
  readonly composition: Composition;
  readonly permissions = new Permissions();
  readonly gate: Gate;
  readonly #activation: Activation;
  readonly #names: RoleNames;
  readonly #portal: { url: string; languages: readonly string[] };
  #home: DatabaseHome | null;
  #runner: WorkRunner | null = null;
  #runtime: PluginRuntime | null = null;
  #privacy: Privacy | null = null;
  #relay: Relay | null = null;
  #engine: JobEngine | null = null;
  #web: WebSide | null = null;
  #sync: StateSync | null = null;
  #memory: MemoryWatch | null = null;
  #housekeeping: NodeJS.Timeout | null = null;
  #state: 'stopped' | 'starting' | 'ready' | 'stopping' = 'stopped';

  constructor(private readonly options: PlatformOptions) {
    const { settings, plugins, unloaded = [], skipped = [], required = 'all', log } = options;
    this.report = options.report ?? new BootReport();
    this.composition = new Composition(plugins, unloaded, skipped);
    this.gate = new Gate(this.composition, log);
    this.#names = new RoleNames(settings.rolePrefix);
    this.#activation = new Activation(this.composition, this.#names, log, required);
    this.#home = options.home ?? null;
    this.#portal = { url: settings.publicUrl ?? `http://localhost:${settings.port}`, languages: ['nl', 'en', 'fr'] };
  }

  get portal(): Portal {
    return this.#portal;
  }

  /** Those with a manifest in shape, in load order, as far as can be told without the database. */
  get plugins(): readonly CheckedPlugin[] {
    const { entries } = this.composition;
    if (entries.every(({ checked }) => checked === null)) this.#activation.check(entries.map(({ id }) => id));
    return inOrder(entries.flatMap(({ checked }) => checked ?? []));
  }

  /** Opens units of work; there once `prepare` has passed. */
  get runner(): WorkRunner {
    if (this.#runner === null) throw new Error('the platform is not prepared');
    return this.#runner;
  }

  /** There once `prepare` has passed. */
  get privacy(): Privacy {
    if (this.#privacy === null) throw new Error('the platform is not prepared');
    return this.#privacy;
  }

  async home(): Promise<DatabaseHome> {
    this.#home ??= await openHome(addressOf(this.options.settings));
    return this.#home;
  }

  /**
   * Checks everything, then brings the database up to the composition, or says all that is wrong and changes nothing.
   *
   * @throws CompositionError with every fault
   */
  async migrate({ rehearse = false } = {}): Promise<MigrationReport> {
    const home = await this.recall();
    return this.report.phase('migrate', (time) => this.#activation.migrateAll(home, { rehearse, time }));
  }

  /**
   * Brings the plugins into service without starting any: enough for commands.
   *
   * @throws CompositionError with every fault, where a required plugin is at fault
   */
  prepare(): Promise<void> {
    return this.#boot({ start: false });
  }

  /** Check, migrate, start, serve. Returns the port. */
  async start(): Promise<number> {
    this.#state = 'starting';
    await this.#boot({ start: true });
    const home = await this.home();
    await this.report.phase('jobs', () => this.#startJobs(home));
    const port = await this.report.phase('serve', () => this.#serve(home));
    this.privacy.start();
    this.#housekeeping = setInterval(() => void this.#keepHouse(), HOUSEKEEPING_MS);
    await this.#followOperators(home);
    this.#state = 'ready';
    return port;
  }

  /** What an operator asks of the plugins: `ilearn plugin list`, `retry`, `disable` and the like. */
  async operate(input: VerbInput): Promise<Outcome> {
    const home = await this.home();
    const following = this.#sync;
    if (following === null) this.#activation.check(this.composition.entries.map(({ id }) => id));
    const sync = following === null ? null : () => following.now();
    return runVerb({ home, names: this.#names, composition: this.composition, sync }, input);
  }

  /** Stops in reverse: no new requests, those under way end, then jobs, then plugins, then the database. */
  async stop(): Promise<void> {
    this.#state = 'stopping';
    if (this.#housekeeping !== null) clearInterval(this.#housekeeping);
    await this.#web?.close();
    this.#memory?.stop();
    await this.#sync?.stop();
    await this.#relay?.stop();
    await this.#engine?.stop();
    await this.#privacy?.stop();
    await this.#runtime?.stopAll();
    if (this.options.home === undefined || this.options.closesHome === true) await this.#home?.close();
    this.#state = 'stopped';
  }

  /** Messages that are due and not yet done. */
  async pendingMessages(): Promise<number> {
    this.#relay?.kick();
    this.#engine?.nudge();
    return (await this.#relay?.pending()) ?? 0;
  }

  /** One unit of work as the system, with a plugin's services. */
  // biome-ignore lint/suspicious/noExplicitAny: the caller names the cradle
  work<T>(pluginId: string, fn: (services: any) => Promise<T>): Promise<T> {
    return this.runner.run({ about: { plugin: pluginId } }, (frame) => fn(this.runner.cradleOf(pluginId, frame)));
  }

  async #boot({ start }: { start: boolean }): Promise<void> {
    const { log, settings } = this.options;
    const home = await this.recall();
    const containers: Containers = new Map();
    this.#runner = new WorkRunner(home, containers, log);
    this.#relay = new Relay(home, this.composition, this.gate, log);
    this.#privacy = new Privacy({
      home,
      log,
      runner: this.#runner,
      names: this.#names,
      portal: this.#portal,
      plugins: () => this.composition.active,
    });
    this.#runtime = new PluginRuntime({
      runner: this.#runner,
      privacy: this.#privacy,
      containers,
      names: this.#names,
      portal: this.#portal,
      publishing: new Publishing(this.composition, this.#relay.kick),
      permissions: this.permissions,
      log,
      secretKey: settings.secretKey,
      startSeconds: settings.pluginStartSeconds,
      announce: (line) => this.announcements.push(line),
    });
    const all = this.composition.entries.map(({ id }) => id);
    await this.#activation.activate(home, this.#runtime, all, { start, boot: true, report: this.report });
    await rememberPlugins(home.pool, this.composition.entries);
    await this.#privacy.keepPartitions();
  }

  /**
   * Learns what the database knows of the plugins: which are disabled, and what those were that cannot be loaded now.
   *
   * @throws CompositionError with the portal's own faults
   */
  async recall(): Promise<DatabaseHome> {
    const { faults = [], unloaded = [] } = this.options;
    if (faults.length > 0) throw new CompositionError([...faults, ...unloaded]);
    const home = await this.home();
    await recallPlugins(home.pool, this.composition);
    return home;
  }

  async #startJobs(home: DatabaseHome): Promise<void> {
    const { log } = this.options;
    this.#engine = new PgBossEngine(home, log);
    await this.#engine.start();
    await this.#engine.work(deliverWith(home, this.composition, this.gate, this.runner, log));
    await this.#relay?.start(this.#engine);
  }

  #serve(home: DatabaseHome): Promise<number> {
    const { settings, uiFolder, log } = this.options;
    this.#web = new WebSide({
      composition: this.composition,
      gate: this.gate,
      runner: this.runner,
      permissions: this.permissions,
      privacy: this.privacy,
      settings,
      portal: this.#portal,
      home,
      uiFolder,
      log,
      readiness: () => this.#readiness(home),
      messages: async () => (await this.#relay?.counts()) ?? { pending: 0, held: 0, failed: 0 },
      states: () => this.gate.states(),
      reject: (id, error) => this.#activation.reject(this.#runtime as PluginRuntime, id, error),
    });
    return this.#web.listen();
  }

  async #followOperators(home: DatabaseHome): Promise<void> {
    const { log, reload = cannotReload } = this.options;
    const live = new LivePlugins({
      composition: this.composition,
      activation: this.#activation,
      runtime: this.#runtime as PluginRuntime,
      gate: this.gate,
      home,
      log,
      reload,
      changed: async () => {
        this.#web?.refresh();
        await this.#relay?.reconcile();
      },
    });
    this.#sync = new StateSync(home, this.composition, this.gate, live, log);
    await this.#sync.start();
    this.#memory = new MemoryWatch({
      folders: () => this.composition.folders,
      blame: (id, fault) => live.quarantine(id, 'too-much-memory', fault),
      log,
    });
    if (this.composition.folders.size > 0) this.#memory.start();
  }

  async #readiness(home: DatabaseHome) {
    const database = await home.pool.query('select 1').then(
      () => 'reachable',
      () => 'unreachable',
    );
    return { ready: this.#state === 'ready' && database === 'reachable', database, plugins: this.gate.states() };
  }

  async #keepHouse(): Promise<void> {
    try {
      await this.runner.run({}, ({ unit }) => deleteDeadSessions(unit));
    } catch (error) {
      this.options.log.warn({ err: (error as Error).message }, 'housekeeping');
    }
  }
}

/** Where the settings say that the data live. */
export const addressOf = ({ databaseUrl, databaseConnections, dataDir }: Settings): DatabaseAddress =>
  databaseUrl === undefined ? { folder: dataDir } : { url: databaseUrl, connections: databaseConnections };

const cannotReload: Reload = async (origin) => ({
  fault: { plugin: origin, where: 'package', message: 'It was not loaded.', mend: 'Start the portal again.' },
});
