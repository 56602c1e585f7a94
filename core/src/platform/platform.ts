import { givenKey } from '../access/given-key.js';
import { checkMasterKey } from '../access/master-key.js';
import { Permissions } from '../access/roles.js';
import { deleteDeadSessions } from '../access/sessions.js';
import { ClockWatch } from '../clock/clock-watch.js';
import { PortalClock } from '../clock/portal-clock.js';
import type { Containers } from '../container/create-containers.js';
import type { Portal } from '../contract/services.js';
import { databaseState, serves } from '../database/homes/database-health.js';
import { addressOf, type DatabaseHome, openHome } from '../database/homes/home.js';
import type { MigrationReport } from '../database/migrations/migrate.js';
import { RoleNames } from '../database/names.js';
import { OutageLog } from '../database/outages/outage-log.js';
import { BootReport } from '../foundation/boot-report.js';
import { CompositionError } from '../foundation/diagnosis.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { WebSide } from '../http/web-side.js';
import { Activation } from '../lifecycle/activation.js';
import type { Outcome, VerbInput } from '../lifecycle/commands/command.js';
import { runVerb } from '../lifecycle/commands/run-command.js';
import { PluginRuntime } from '../lifecycle/plugin-runtime.js';
import { PluginService } from '../lifecycle/plugin-service.js';
import { Steward } from '../lifecycle/plugin-supervisor.js';
import { Messaging } from '../messages/messaging.js';
import { setOutgoingPolicy } from '../outgoing/fetch.js';
import { Composition } from '../plugins/composition.js';
import { Gate } from '../plugins/gate.js';
import { LoopWatch } from '../plugins/loop-watch.js';
import { inOrder } from '../plugins/order.js';
import { recallPlugins, rememberPlugins } from '../plugins/plugin-store.js';
import { Privacy } from '../privacy/privacy.js';
import { PrivilegedPrivacy } from '../privacy/privileged-privacy.js';
import { WorkRunner } from '../work/work-runner.js';
import type { PlatformOptions } from './platform-options.js';

const HOUSEKEEPING_MS = 15 * 60_000;

/**
 * One portal: kernel and plugins. Boots in phases — check, migrate, start, serve — and stops in reverse. A plugin that fails at one
 * of them is out of service with its cause; the portal is there for the others.
 */
export class Platform {
  readonly report: BootReport;
  readonly announcements: (string | Promise<string>)[] = [];
  readonly composition: Composition;
  readonly permissions = new Permissions();
  readonly gate: Gate;
  readonly #activation: Activation;
  readonly #names: RoleNames;
  readonly #outages: OutageLog;
  readonly #portal: { url: string; languages: readonly string[] };
  #home: DatabaseHome | null;
  #runner: WorkRunner | null = null;
  #clocks: ClockWatch | null = null;
  #runtime: PluginRuntime | null = null;
  #privacy: Privacy | null = null;
  #messaging: Messaging | null = null;
  #web: WebSide | null = null;
  #steward: Steward | null = null;
  #housekeeping: NodeJS.Timeout | null = null;
  #loop: LoopWatch | null = null;
  #state: 'stopped' | 'starting' | 'ready' | 'stopping' = 'stopped';

  constructor(private readonly options: PlatformOptions) {
    const { settings, plugins, unloaded = [], skipped = [], required = 'all', log } = options;
    this.report = options.report ?? new BootReport();
    this.composition = new Composition(plugins, unloaded, skipped, required);
    this.gate = new Gate(this.composition, log);
    this.#names = new RoleNames(settings.rolePrefix);
    this.#activation = new Activation(this.composition, this.#names, log);
    this.#home = options.home ?? null;
    setOutgoingPolicy(settings.publicUrl ?? 'http://localhost', settings.outgoingPrivate);
    this.#outages = new OutageLog(log, async () => this.#home !== null && serves(await databaseState(this.#home)));
    this.#portal = {
      url: settings.publicUrl ?? `http://localhost:${settings.port}`,
      languages: Object.freeze(['nl', 'en', 'fr']),
    };
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
    const { settings, open = () => openHome(addressOf(settings)) } = this.options;
    this.#home ??= await open();
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
    await this.report.phase('jobs', async () => this.#messaging?.start(this.runner, this.options.only !== 'web'));
    const port = await this.report.phase('serve', () => this.#serve(home));
    this.privacy.start();
    this.#loop = new LoopWatch(this.gate.atWork, this.options.log);
    this.#loop.start();
    this.#clocks?.start();
    this.#housekeeping = setInterval(() => void this.#keepHouse(), HOUSEKEEPING_MS);
    await this.#followOperators(home);
    this.#state = 'ready';
    return port;
  }

  /** What an operator asks of the plugins: `ilearn plugin list`, `retry`, `disable` and the like. */
  async operate(input: VerbInput): Promise<Outcome> {
    const home = await this.home();
    if (this.#steward !== null) return this.#steward.operate(input);
    this.#activation.check(this.composition.entries.map(({ id }) => id));
    return runVerb({ home, names: this.#names, composition: this.composition, sync: null }, input);
  }

  /** Tells balancers by /health/ready that it is about to stop, and goes on serving. */
  announceStop(): void {
    this.#state = 'stopping';
  }

  /** Stops in reverse: no new requests and jobs, those under way end, then plugins, then the database. */
  async stop(): Promise<void> {
    this.announceStop();
    this.#loop?.stop();
    if (this.#housekeeping !== null) clearInterval(this.#housekeeping);
    this.#clocks?.stop();
    // At once: on the embedded database requests wait for the handler at work, which is told to come to an end.
    const jobs = this.#messaging?.stop();
    await this.#web?.close();
    await jobs;
    await this.#privacy?.stop();
    await this.#steward?.stop();
    await this.#runtime?.stopAll();
    this.#outages.stop();
    if (this.options.home === undefined || this.options.closesHome === true) await this.#home?.close();
    this.#state = 'stopped';
  }

  /** Messages that are due, or to be tried again, and not yet done. */
  async pendingMessages(): Promise<number> {
    return (await this.#messaging?.pending()) ?? 0;
  }

  /** One unit of work as the system, with a plugin's services. */
  // biome-ignore lint/suspicious/noExplicitAny: the caller names the cradle
  work<T>(pluginId: string, fn: (services: any) => Promise<T>): Promise<T> {
    return this.runner.run({ about: { plugin: pluginId } }, (frame) => fn(this.runner.cradleOf(pluginId, frame)));
  }

  async #boot({ start }: { start: boolean }): Promise<void> {
    const { log, settings } = this.options;
    const home = await this.recall();
    // Before anything is encrypted under it.
    const given = await givenKey(settings);
    await checkMasterKey(home.pool, given);
    const clock = new PortalClock(home);
    await clock.measure();
    const clocks = new ClockWatch(home, clock, log, async () => this.#messaging?.reconcile(), this.#outages);
    this.#clocks = clocks;
    const containers: Containers = new Map();
    this.#runner = new WorkRunner(home, containers, log);
    const privacy = new Privacy({
      home,
      log,
      outages: this.#outages,
      runner: this.#runner,
      names: this.#names,
      clock,
      whyKeep: () => clocks.whyKeep(),
      portal: this.#portal,
      auditMonths: settings.auditMonths,
      makesExports: this.options.only !== 'web',
      plugins: () => this.composition.active,
    });
    this.#privacy = privacy;
    const { composition, gate } = this;
    const messaging = new Messaging({ home, composition, gate, settings, log, outages: this.#outages });
    this.#messaging = messaging;
    this.#runtime = new PluginRuntime({
      runner: this.#runner,
      privacyOf: (id) => new PrivilegedPrivacy(id, privacy),
      containers,
      names: this.#names,
      portal: readOnly(this.#portal),
      clock,
      messaging,
      pluginsOf: (id) => new PluginService(id, composition, () => this.#steward),
      permissions: this.permissions,
      log,
      givenKey: given,
      startSeconds: settings.pluginStartSeconds,
      announce: (line) => this.announcements.push(line),
    });
    const all = this.composition.entries.map(({ id }) => id);
    await this.#activation.activate(home, this.#runtime, all, { start, boot: true, report: this.report });
    await rememberPlugins(home.pool, this.composition.entries);
    await clocks.look();
    await privacy.keepPartitions();
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
      outages: this.#outages,
      readiness: () => this.#readiness(home),
      messages: async () => (await this.#messaging?.counts()) ?? {},
      engine: () => this.#engine(),
      only: this.options.only,
      states: () => this.gate.states(),
      reject: (id, error) => this.#activation.reject(this.#runtime as PluginRuntime, id, error),
    });
    return this.#web.listen();
  }

  async #followOperators(home: DatabaseHome): Promise<void> {
    const { log, reload } = this.options;
    this.#steward = new Steward({
      composition: this.composition,
      activation: this.#activation,
      runtime: this.#runtime as PluginRuntime,
      gate: this.gate,
      home,
      names: this.#names,
      log,
      outages: this.#outages,
      reload,
      changed: async () => {
        this.#web?.refresh();
        await this.#messaging?.reconcile();
      },
    });
    await this.#steward.start();
  }

  async #readiness(home: DatabaseHome) {
    const [database, engine] = await Promise.all([databaseState(home), this.#engine()]);
    // Without its queue the portal serves all the same: messages wait in the database.
    const queue = engine.reachable ? 'reachable' : 'unreachable';
    const { waitingCount, totalCount, options } = home.pool;
    const failing = this.#outages.current.filter((outage) => outage !== 'unreachable');
    return {
      ready: this.#state === 'ready' && serves(database),
      database,
      queue,
      clock: this.#clocks?.state(),
      // Told while there is something to tell.
      ...(waitingCount > 0 && totalCount >= options.max ? { connections: 'all in use' } : {}),
      ...(failing.length > 0 ? { failing } : {}),
      plugins: this.gate.states(),
    };
  }

  async #engine(): Promise<{ name: string; reachable: boolean }> {
    return (await this.#messaging?.engine()) ?? { name: 'none', reachable: false };
  }

  async #keepHouse(): Promise<void> {
    try {
      await this.runner.run({}, ({ unit }) => deleteDeadSessions(unit));
    } catch (error) {
      if (!this.#outages.takesOwn(error)) this.options.log.warn({ err: (error as Error).message }, 'housekeeping');
    }
  }
}

/** As plugins see it: the address changes once, when a port is chosen for it. */
const readOnly = (portal: Portal): Portal =>
  Object.freeze({
    get url() {
      return portal.url;
    },
    languages: portal.languages,
  });
