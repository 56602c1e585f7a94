import type { Permissions } from '../access/roles.js';
import type { AllSettings } from '../contract/all-settings.js';
import type { Portal } from '../contract/services.js';
import type { DatabaseHome } from '../database/homes/home.js';
import type { MigrationReport } from '../database/migrations/apply-pending.js';
import type { FileStorage } from '../files/storage.js';
import type { Storing } from '../files/storing.js';
import type { BootReport } from '../foundation/boot-report.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import type { CommandInput, CommandResult } from '../lifecycle/commands/command.js';
import { runCommand } from '../lifecycle/commands/run-command.js';
import type { Composition } from '../plugins/composition.js';
import type { Gate } from '../plugins/gate.js';
import type { Privacy } from '../privacy/privacy.js';
import type { WorkRunner } from '../unit-of-work/work-runner.js';
import { CheckedPlatform } from './checked-platform.js';
import type { PlatformOptions } from './platform-options.js';
import { activatePlugins, type PreparedPlatform, preparePlatform } from './prepared-platform.js';
import type { RunningPlatform } from './running-platform.js';

/** checked → prepared → running; each state also has everything of the previous one. */
type State =
  | { name: 'checked' }
  | { name: 'prepared'; prepared: PreparedPlatform }
  | { name: 'running'; prepared: PreparedPlatform; running: RunningPlatform };

/**
 * One portal: the kernel and its plugins. It boots in phases (check, migrate, services, start, serve) and stops in reverse. A plugin that
 * fails in a phase is taken out of service with its cause; the portal runs without it.
 */
export class Platform {
  readonly #checked: CheckedPlatform;
  #state: State = { name: 'checked' };
  /** Reported by /health/ready. */
  #ready = false;

  constructor(options: PlatformOptions) {
    this.#checked = new CheckedPlatform(options);
  }

  get report(): BootReport {
    return this.#checked.report;
  }

  get composition(): Composition {
    return this.#checked.composition;
  }

  get permissions(): Permissions {
    return this.#checked.permissions;
  }

  get gate(): Gate {
    return this.#checked.gate;
  }

  /** The store of files. */
  get storage(): FileStorage {
    return this.#checked.storage;
  }

  get portal(): Portal {
    return this.#checked.portal;
  }

  /** Lines that plugins announce to the operator. */
  get announcements(): readonly (string | Promise<string>)[] {
    return this.#checked.announcements;
  }

  /** The plugins whose manifests have the right shape, in load order. */
  get plugins(): readonly CheckedPlugin[] {
    return this.#checked.plugins;
  }

  /** @throws Error before `prepare` or `start` */
  get runner(): WorkRunner {
    return this.#prepared.runner;
  }

  /** @throws Error before `prepare` or `start` */
  get allSettings(): AllSettings {
    return this.#prepared.allSettings;
  }

  /** What stores the files of a plugin's command. @throws Error before `prepare` or `start` */
  storing(plugin: string): Storing {
    return this.#prepared.storing(plugin);
  }

  /** @throws Error before `prepare` or `start` */
  get privacy(): Privacy {
    return this.#prepared.privacy;
  }

  home(): Promise<DatabaseHome> {
    return this.#checked.home();
  }

  /** Reads which plugins are disabled. @throws CompositionError with the faults of the environment and the configuration */
  loadStoredStates(): Promise<DatabaseHome> {
    return this.#checked.loadStoredStates();
  }

  /**
   * Checks everything, then migrates the database; with `rehearse`, in a transaction that is rolled back.
   *
   * @throws CompositionError with every fault; nothing was stored then
   */
  migrate({ rehearse = false } = {}): Promise<MigrationReport> {
    return this.#checked.migrate(rehearse);
  }

  /**
   * Brings the plugins into service without starting any: enough for commands.
   *
   * @throws CompositionError with every fault, if a required plugin is at fault
   */
  async prepare(): Promise<void> {
    await this.#boot(false);
  }

  /** Runs all phases: check, migrate, services, start, serve. Returns the port. */
  async start(): Promise<number> {
    const { settings, log } = this.#checked.options;
    if (settings.telemetry !== undefined) {
      const { OtlpTelemetry } = await import('../telemetry/otlp-telemetry.js');
      this.#checked.telemetry = new OtlpTelemetry(settings.telemetry, log);
    }
    const prepared = await this.#boot(true);
    // Commands do not need the HTTP server.
    const { RunningPlatform } = await import('./running-platform.js');
    const running = new RunningPlatform(this.#checked, prepared, () => this.#ready);
    this.#state = { name: 'running', prepared, running };
    const port = await running.start();
    this.#ready = true;
    return port;
  }

  /** Runs an operator's command on plugins: `ilearn plugin list`, `retry`, `disable` and so on. */
  async operate(input: CommandInput): Promise<CommandResult> {
    const supervisor = this.#supervisor();
    if (supervisor !== null) return supervisor.operate(input);
    const { composition, names, storage, options } = this.#checked;
    const home = await this.home();
    this.#checked.check();
    return runCommand({ home, names, composition, storage, reload: options.reload, sync: null }, input);
  }

  /** Reports through /health/ready that the portal is about to stop, and continues to serve. */
  announceStop(): void {
    this.#ready = false;
  }

  /** Stops in reverse order: accepts no new requests and jobs, waits for running ones, then stops the plugins, then closes the database. */
  async stop(): Promise<void> {
    this.announceStop();
    const running = this.#state.name === 'running' ? this.#state.running : null;
    const prepared = this.#state.name === 'checked' ? null : this.#state.prepared;
    running?.stopTimers();
    prepared?.clocks.stop();
    // Not awaited before the server closes: on the embedded database, requests wait for the running handler, which is asked to end.
    const jobs = prepared?.messaging.stop();
    await running?.close();
    await jobs;
    await prepared?.privacy.stop();
    await running?.stopSupervising();
    await prepared?.runtime.stopAll();
    await prepared?.runner.replica?.close();
    await this.#checked.close();
  }

  /** Number of messages that are due or to be retried, and not done. */
  async pendingMessages(): Promise<number> {
    return this.#state.name === 'checked' ? 0 : this.#state.prepared.messaging.pending();
  }

  /** Runs a unit of work as the system, with a plugin's services. */
  // biome-ignore lint/suspicious/noExplicitAny: the caller names the cradle
  work<T>(pluginId: string, fn: (services: any) => Promise<T>): Promise<T> {
    return this.runner.run({ about: { plugin: pluginId } }, (frame) => fn(this.runner.cradleOf(pluginId, frame)));
  }

  get #prepared(): PreparedPlatform {
    if (this.#state.name === 'checked') throw new Error('the platform is not prepared: call prepare() or start() first');
    return this.#state.prepared;
  }

  /** Removes stored files that no longer have a row; a running portal does this regularly by itself. */
  async sweepFiles(): Promise<void> {
    if (this.#state.name === 'running') await this.#state.running.sweepFiles();
  }

  #supervisor() {
    return this.#state.name === 'running' ? this.#state.running.supervisor : null;
  }

  async #boot(start: boolean): Promise<PreparedPlatform> {
    const prepared = await preparePlatform(this.#checked, () => this.#supervisor());
    // Set before the plugins are activated: if one fails, `stop` must still stop those that started.
    this.#state = { name: 'prepared', prepared };
    await activatePlugins(this.#checked, prepared, start);
    return prepared;
  }
}
