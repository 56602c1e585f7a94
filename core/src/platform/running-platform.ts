import { deleteDeadSessions } from '../access/sessions.js';
import { databaseState, serves } from '../database/homes/database-health.js';
import { sweep } from '../files/sweep.js';
import { Uploads } from '../files/uploads.js';
import { describeError, remedyOf } from '../foundation/log.js';
import { PortalServer } from '../http/portal-server.js';
import { PluginSupervisor } from '../lifecycle/plugin-supervisor.js';
import { deleteOldAnswers } from '../machines/stored-answers.js';
import { LoopWatch } from '../plugins/loop-watch.js';
import type { CheckedPlatform } from './checked-platform.js';
import type { PreparedPlatform } from './prepared-platform.js';

const HOUSEKEEPING_MS = 15 * 60_000;
const SWEEP_MS = 30_000;

/** The third state of a platform: it answers requests, runs jobs and applies operators' requests about plugins. */
export class RunningPlatform {
  readonly #server: PortalServer;
  readonly #supervisor: PluginSupervisor;
  readonly #loop: LoopWatch;
  #housekeeping: NodeJS.Timeout | undefined;
  #sweeping: NodeJS.Timeout | undefined;
  #sweep: Promise<void> = Promise.resolve();
  #supervises = false;

  constructor(
    private readonly checked: CheckedPlatform,
    private readonly prepared: PreparedPlatform,
    /** Whether the platform has started and is not about to stop. */
    private readonly isReady: () => boolean,
  ) {
    const { options, composition, gate, activation, names, outages, permissions, portal } = checked;
    const { settings, uiFolder, log, only, reload } = options;
    const { home, runner, privacy, messaging, live, runtime, storage } = prepared;
    this.#loop = new LoopWatch(gate.atWork, log);
    this.#server = new PortalServer({
      composition,
      gate,
      runner,
      permissions,
      privacy,
      live,
      settings,
      portal,
      home,
      metrics: [...checked.outgoing.metrics.all, ...messaging.metrics.all],
      telemetry: checked.telemetry,
      costs: checked.costs,
      uploads: new Uploads(home, storage, settings.files),
      master: () => runtime.master,
      machines: options.machines,
      uiFolder,
      log,
      outages,
      readiness: () => this.#readiness(),
      messages: () => messaging.counts(),
      engine: () => messaging.engine(),
      only,
      states: () => gate.states(),
      reject: (id, error) => activation.reject(runtime, id, error),
    });
    this.#supervisor = new PluginSupervisor({
      composition,
      activation,
      runtime,
      gate,
      home,
      storage,
      names,
      log,
      outages,
      reload,
      changed: async () => {
        this.#server.refresh();
        live.reconcile();
        await messaging.reconcile();
      },
    });
  }

  /** null until it applies operators' requests, which is the last step of the start. */
  get supervisor(): PluginSupervisor | null {
    return this.#supervises ? this.#supervisor : null;
  }

  /** Returns the port. */
  async start(): Promise<number> {
    const { messaging, live, runner, privacy, clocks, settings } = this.prepared;
    const { report, options } = this.checked;
    settings.start();
    await report.phase('jobs', () => messaging.start(runner, options.only !== 'web'));
    live.start(options.only !== 'worker');
    runner.replica?.start();
    const port = await report.phase('serve', () => this.#server.listen());
    privacy.start();
    this.#loop.start();
    clocks.start();
    this.#housekeeping = setInterval(() => void this.#deleteSessions(), HOUSEKEEPING_MS);
    this.#sweeping = setInterval(() => void this.sweepFiles(), SWEEP_MS);
    this.#supervises = true;
    await this.#supervisor.start();
    // Removes what a killed process left.
    void this.sweepFiles();
    return port;
  }

  /** Stops periodic work; requests and jobs continue. */
  stopTimers(): void {
    this.#loop.stop();
    this.prepared.settings.stop();
    clearInterval(this.#housekeeping);
    clearInterval(this.#sweeping);
  }

  /** Removes stored files that no longer have a row; one sweep after another. */
  sweepFiles(): Promise<void> {
    const { home, storage, clocks } = this.prepared;
    const { outages, options } = this.checked;
    this.#sweep = this.#sweep.then(async () => {
      try {
        await sweep(home, storage, (await clocks.whyKeepEverything()) === null);
      } catch (error) {
        if (!outages.takesOwn(error)) options.log.warn({ err: describeError(error), remedy: remedyOf(error) }, 'files');
      }
    });
    return this.#sweep;
  }

  /** Resolves when the open requests are answered. */
  async close(): Promise<void> {
    await this.#server.close();
    await this.#sweep;
  }

  async stopSupervising(): Promise<void> {
    if (this.#supervises) await this.#supervisor.stop();
  }

  async #readiness() {
    const { gate, outages } = this.checked;
    const { home, messaging, clocks, runner } = this.prepared;
    const [database, engine] = await Promise.all([databaseState(home), messaging.engine()]);
    // The portal also serves without its queue: messages wait in the database.
    const queue = engine.reachable ? 'reachable' : 'unreachable';
    const { waitingCount, totalCount, options } = home.pool;
    const failing = outages.current.filter((outage) => outage !== 'unreachable');
    return {
      ready: this.isReady() && serves(database),
      database,
      queue,
      ...(runner.replica === null ? {} : { replica: runner.replica.state }),
      clock: clocks.state(),
      ...(waitingCount > 0 && totalCount >= options.max ? { connections: 'all in use' } : {}),
      ...(failing.length > 0 ? { failing } : {}),
      plugins: gate.states(),
    };
  }

  async #deleteSessions(): Promise<void> {
    try {
      await this.prepared.runner.run({}, async ({ unit }) => {
        await deleteDeadSessions(unit);
        await deleteOldAnswers(unit);
      });
    } catch (error) {
      const { outages, options } = this.checked;
      if (!outages.takesOwn(error)) options.log.warn({ err: (error as Error).message }, 'housekeeping');
    }
  }
}
