import { configuredKey } from '../access/configured-key.js';
import { readMasterKey } from '../access/master-key.js';
import { Permissions } from '../access/roles.js';
import type { Telemetry } from '../context/span.js';
import { databaseState, serves } from '../database/homes/database-health.js';
import { addressOf, type DatabaseHome, openHome } from '../database/homes/home.js';
import type { MigrationReport } from '../database/migrations/apply-pending.js';
import { RoleNames } from '../database/names.js';
import { OutageLog } from '../database/outages/outage-log.js';
import { FileStorage } from '../files/storage.js';
import { BootReport } from '../foundation/boot-report.js';
import { CompositionError } from '../foundation/diagnosis.js';
import { once } from '../foundation/once.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { PluginCosts } from '../foundation/plugin-costs.js';
import { Activation } from '../lifecycle/activation.js';
import { OutgoingHttp } from '../outgoing/outgoing-http.js';
import { policyOf, setOutgoingPolicy } from '../outgoing/policy.js';
import { Composition } from '../plugins/composition.js';
import { Gate } from '../plugins/gate.js';
import { inOrder } from '../plugins/plugin-graph.js';
import { applyStoredStates } from '../plugins/plugin-store.js';
import type { PlatformOptions } from './platform-options.js';

/** The first state of a platform: its options and manifests have been read. The database is opened on first use. */
export class CheckedPlatform {
  readonly report: BootReport;
  readonly costs: PluginCosts;
  readonly composition: Composition;
  readonly permissions = new Permissions();
  readonly gate: Gate;
  readonly activation: Activation;
  readonly names: RoleNames;
  readonly outages: OutageLog;
  readonly portal: { url: string; languages: readonly string[] };
  readonly storage: FileStorage;
  readonly outgoing: OutgoingHttp;
  readonly announcements: (string | Promise<string>)[] = [];
  /** Null if it is off, and for commands. */
  telemetry: Telemetry | null = null;
  #home: DatabaseHome | null;

  constructor(readonly options: PlatformOptions) {
    const { settings, plugins, unloaded = [], skipped = [], required = 'all', log } = options;
    this.report = options.report ?? new BootReport();
    this.costs = new PluginCosts(this.report);
    this.composition = new Composition(plugins, unloaded, skipped, required);
    this.gate = new Gate(this.composition, log);
    this.names = new RoleNames(settings.rolePrefix);
    this.activation = new Activation(this.composition, this.names, log, options.purposeChanges ?? {});
    this.#home = options.home ?? null;
    const policy = policyOf(settings.publicUrl ?? 'http://localhost', settings.outgoingPrivate);
    setOutgoingPolicy(policy);
    this.outgoing = new OutgoingHttp({ policy, operatorHosts: options.operatorHosts ?? {}, log, ...options.outgoing });
    this.outages = new OutageLog(log, async () => this.#home !== null && serves(await databaseState(this.#home)));
    // Only encrypted files need the key.
    const key = once(async () => readMasterKey((await this.home()).pool, await configuredKey(settings)));
    this.storage = new FileStorage(settings.files, key);
    this.portal = {
      url: settings.publicUrl ?? `http://localhost:${settings.port}`,
      languages: Object.freeze(['nl', 'en', 'fr']),
    };
  }

  /** The plugins whose manifests have the right shape, in load order, as far as it can be determined without the database. */
  get plugins(): readonly CheckedPlugin[] {
    const { entries } = this.composition;
    if (entries.every(({ checked }) => checked === null)) this.check();
    return inOrder(entries.flatMap(({ checked }) => checked ?? []));
  }

  check(): void {
    this.activation.check(this.composition.entries.map(({ id }) => id));
  }

  async home(): Promise<DatabaseHome> {
    const { settings, open = () => openHome(addressOf(settings)) } = this.options;
    this.#home ??= await open();
    return this.#home;
  }

  /**
   * Reads from the database which plugins are disabled, and the stored manifests of those that cannot be loaded.
   *
   * @throws CompositionError with the faults of the environment and the configuration
   */
  async loadStoredStates(): Promise<DatabaseHome> {
    const { faults = [], unloaded = [] } = this.options;
    if (faults.length > 0) throw new CompositionError([...faults, ...unloaded]);
    const home = await this.home();
    await applyStoredStates(home.pool, this.composition);
    return home;
  }

  /** @throws CompositionError with every fault; nothing was stored then */
  async migrate(rehearse: boolean): Promise<MigrationReport> {
    const home = await this.loadStoredStates();
    return this.report.phase('migrate', (time) => this.activation.migrateAll(home, { rehearse, time }));
  }

  /** Closes the database, unless the caller that opened it also closes it. */
  async close(): Promise<void> {
    this.outages.stop();
    await this.outgoing.close();
    await this.telemetry?.stop();
    if (this.options.home === undefined || this.options.closesHome === true) await this.#home?.close();
  }
}
