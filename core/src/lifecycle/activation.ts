import { optionalFor } from '../contract/dependencies.js';
import type { PurposeChange } from '../contract/purpose.js';
import type { DatabaseHome } from '../database/homes/home.js';
import type { MigrationReport } from '../database/migrations/apply-pending.js';
import { migrate } from '../database/migrations/migrate.js';
import type { RoleNames } from '../database/names.js';
import { BootReport, type TimePlugin } from '../foundation/boot-report.js';
import { CompositionError, type Fault, STARTS_WITHOUT } from '../foundation/diagnosis.js';
import { describeError, type KernelLogger } from '../foundation/log.js';
import type { CheckedPlugin, LoadedPlugin } from '../foundation/plugin.js';
import { type CheckResult, checkPlugins } from '../plugins/check.js';
import type { Composition } from '../plugins/composition.js';
import { placeOf } from '../plugins/import-fault.js';
import type { PluginEntry } from '../plugins/plugin-entry.js';
import { inOrder } from '../plugins/plugin-graph.js';
import type { CauseCode, Phase } from '../plugins/plugin-state.js';
import type { PluginRuntime } from './plugin-runtime.js';
import { StartTimeout } from './start-plugin.js';

/**
 * Brings plugins into service, all of them at boot and single ones later, in phases: check, migrate, services, start. A plugin that fails
 * in a phase is quarantined with its cause, together with the plugins that require it; the others continue.
 */
export class Activation {
  constructor(
    private readonly composition: Composition,
    private readonly names: RoleNames,
    private readonly log: KernelLogger,
    private readonly purposeChanges: Readonly<Record<string, PurposeChange>>,
  ) {}

  /**
   * @param start false: build services but start nothing, enough for commands
   * @throws CompositionError with every fault, if a required plugin is out of service and `boot` is set. Nothing is stored for a plugin
   * whose migrations failed; if a required plugin failed before that phase, nothing at all is stored.
   */
  async activate(
    home: DatabaseHome,
    runtime: PluginRuntime,
    ids: readonly string[],
    { start = true, boot = false, report = new BootReport() }: { start?: boolean; boot?: boolean; report?: BootReport } = {},
  ): Promise<void> {
    // Plugins that could not be loaded were quarantined before the log existed.
    if (boot) for (const entry of this.composition.entries) this.#tell(entry);
    const { plugins, faults, upset } = report.check(() => this.check(ids));
    for (const id of upset) await runtime.remove(id);
    await report.phase('migrate', async (time) => {
      const refused = boot && this.#requiredIsOut();
      const migrated = await this.#migrate(home, this.#toMigrate(refused ? plugins : this.#sound(plugins)), time, refused);
      if (boot && this.#requiredIsOut()) throw new CompositionError([...this.#unloaded(), ...faults, ...migrated.faults]);
    });
    await report.phase('start', async (time) => {
      await this.#eachSound(runtime, plugins, 'services', time, (plugin) => runtime.build(plugin));
      if (start) await this.#eachSound(runtime, plugins, 'start', time, (plugin) => runtime.start(plugin));
      if (start && !boot) await this.#offerContributions(runtime, plugins);
    });
    if (boot && this.#requiredIsOut()) throw new CompositionError(this.composition.faults);
    this.composition.start(this.#sound(plugins));
  }

  /**
   * Migrates the enabled plugins, each as a whole or not at all; stores nothing if the check finds a fault.
   *
   * @throws CompositionError
   */
  async migrateAll(home: DatabaseHome, { rehearse, time }: { rehearse: boolean; time: TimePlugin }): Promise<MigrationReport> {
    const { plugins, faults } = this.check(this.composition.entries.map(({ id }) => id));
    const before = [...this.#unloaded(), ...faults];
    // Plugins that failed the check are rehearsed too where possible, so that one report lists all faults.
    const report = await migrate(home, plugins, this.names, {
      rehearse: rehearse || before.length > 0,
      time,
      purposeChanges: this.purposeChanges,
    });
    for (const fault of report.faults) {
      if (!this.composition.isOut(fault.plugin))
        this.composition.quarantine(fault.plugin, 'migrate', 'migration-failed', [fault]);
    }
    if (before.length + report.faults.length > 0) {
      const headline = this.#requiredIsOut() ? undefined : STARTS_WITHOUT;
      throw new CompositionError([...before, ...report.faults], headline);
    }
    return report;
  }

  /**
   * Checks these plugins together with those in service, and quarantines those with faults.
   *
   * @returns `upset`: ids of those that were in service until now, dependants first
   */
  check(ids: readonly string[]): { plugins: CheckedPlugin[]; faults: Fault[]; upset: string[] } {
    const { entries, active } = this.composition;
    const chosen = entries.filter((entry) => ids.includes(entry.id) && entry.loaded !== null && entry.state.state !== 'disabled');
    const inService = entries.filter(({ id }) => active.some((plugin) => plugin.id === id));
    const rest = chosen.filter((entry) => !inService.includes(entry));
    const absent = entries.filter((entry) => !chosen.includes(entry) && !inService.includes(entry));
    const loaded = [...inService, ...rest].map((entry) => entry.loaded as LoadedPlugin);
    const result = checkPlugins(
      loaded,
      absent.map(({ id }) => id),
    );
    for (const entry of rest) {
      entry.checked = result.plugins.find(({ id, origin }) => id === entry.id && origin === entry.origin) ?? null;
      entry.state = { state: 'waiting' };
    }
    for (const entry of rest) {
      const faults = result.unsound.get(entry.id);
      if (faults !== undefined) this.out(entry.id, 'check', 'faulty-manifest', faults);
    }
    const upset = inService.flatMap((entry) => this.#meet(entry, result));
    for (const { id } of absent) {
      if (this.composition.isOut(id)) for (const entry of this.composition.dropDependantsOf(id, 'check')) this.#tell(entry);
    }
    const own = ({ plugin, origin }: Fault) => rest.some((entry) => entry.id === plugin || entry.origin === origin);
    const plugins = result.plugins.filter((plugin) => rest.some(({ checked }) => checked === plugin));
    return { plugins, faults: result.faults.filter(own), upset };
  }

  /**
   * For a plugin in service when an optional one arrives: takes its contributions as parsed by the schemas of the arriving plugin, or
   * quarantines it if they do not match.
   */
  #meet(entry: PluginEntry, { plugins, unsound }: CheckResult): string[] {
    const faults = unsound.get(entry.id);
    if (faults !== undefined) {
      const out = this.out(entry.id, 'check', 'faulty-manifest', faults);
      return out.map(({ id }) => id).reverse();
    }
    const fresh = plugins.find(({ id, origin }) => id === entry.id && origin === entry.origin);
    if (fresh !== undefined && entry.checked !== null) Object.assign(entry.checked.contributes, fresh.contributes);
    return [];
  }

  /** Adds the plugins in service that may now read views of one of these. */
  #toMigrate(plugins: readonly CheckedPlugin[]): CheckedPlugin[] {
    const arriving = new Set(plugins.map(({ id }) => id));
    const readers = this.composition.active.filter(({ definition }) => optionalFor(definition).some((id) => arriving.has(id)));
    return [...plugins, ...readers];
  }

  /** Quarantines a plugin whose routes or pages cannot be served. */
  reject(runtime: PluginRuntime, id: string, error: unknown): void {
    for (const entry of this.out(id, 'start', 'start-failed', [this.#faultOf(id, 'start', error)])) void runtime.remove(entry.id);
  }

  async #migrate(
    home: DatabaseHome,
    plugins: readonly CheckedPlugin[],
    time: TimePlugin,
    refused: boolean,
  ): Promise<MigrationReport> {
    const all = this.composition.entries.flatMap(({ checked }) => checked ?? []);
    const report = await migrate(home, inOrder(plugins), this.names, {
      rehearse: refused,
      all,
      time,
      purposeChanges: this.purposeChanges,
    });
    for (const [plugin, migrations] of Object.entries(report.applied))
      this.log.debug({ plugin, migrations }, 'migrations applied');
    for (const id of new Set(report.faults.map(({ plugin }) => plugin))) {
      const own = report.faults.filter(({ plugin }) => plugin === id);
      this.out(id, 'migrate', 'migration-failed', own);
    }
    return report;
  }

  async #eachSound(
    runtime: PluginRuntime,
    plugins: readonly CheckedPlugin[],
    phase: 'services' | 'start',
    time: TimePlugin,
    step: (plugin: CheckedPlugin) => Promise<void>,
  ): Promise<void> {
    for (const plugin of this.#sound(plugins)) {
      if (this.composition.isOut(plugin.id)) continue;
      const started = performance.now();
      this.log.debug({ plugin: plugin.id, phase }, 'phase begins');
      try {
        await time(plugin.id, () => step(plugin));
        this.log.debug({ plugin: plugin.id, phase, ms: Math.round(performance.now() - started) }, 'phase done');
      } catch (error) {
        for (const { id } of this.out(plugin.id, phase, codeOf(phase, error), [
          this.#faultOf(plugin.id, phase, error),
        ]).reverse()) {
          await runtime.remove(id);
        }
      }
    }
  }

  /**
   * Passes new contributions to the plugins in service that own their points. If an owner cannot take them, the contributing plugins are
   * quarantined.
   */
  async #offerContributions(runtime: PluginRuntime, arriving: readonly CheckedPlugin[]): Promise<void> {
    for (const owner of this.composition.active.filter(({ definition }) => definition.takeContributions !== undefined)) {
      const contributors = this.#sound(arriving).filter((plugin) =>
        Object.keys(plugin.contributes).some((point) => point.startsWith(`${owner.id}.`)),
      );
      if (contributors.length === 0) continue;
      try {
        await runtime.takeContributions(owner);
      } catch (error) {
        for (const { id } of contributors) {
          const { message, stack } = this.#faultOf(owner.id, 'start', error);
          const fault: Fault = {
            plugin: id,
            where: 'contributes',
            message: `${owner.id} could not process its contributions: ${message}`,
            remedy: `See the message, fix it, then: ilearn plugin retry ${id}.`,
            stack,
          };
          for (const out of this.out(id, 'start', codeOf('start', error), [fault]).reverse()) await runtime.remove(out.id);
        }
      }
    }
  }

  /** Quarantines a plugin and those that require it, and logs each with its cause. Returns all of them. */
  out(id: string, phase: Phase, code: CauseCode, faults: readonly Fault[]): PluginEntry[] {
    const before = this.composition.find(id)?.state;
    // Keep the first cause.
    if (before?.state === 'quarantined' && before.code !== 'requires-what-is-out') return [];
    const out = this.composition.quarantine(id, phase, code, faults);
    for (const entry of out) this.#tell(entry);
    return out;
  }

  #tell({ id, state }: PluginEntry): void {
    if (state.state !== 'quarantined') return;
    const causes = state.faults.map(({ where, message, remedy, stack }) => ({ where, message, remedy, stack }));
    this.log.error({ plugin: id, phase: state.phase, code: state.code, causes }, 'out of service');
  }

  #faultOf(id: string, where: 'services' | 'start', error: unknown): Fault {
    return faultOf(id, this.composition.find(id)?.loaded?.folder, where, error);
  }

  #sound(plugins: readonly CheckedPlugin[]): CheckedPlugin[] {
    return inOrder(plugins.filter(({ id }) => !this.composition.isOut(id)));
  }

  #requiredIsOut(): boolean {
    const { composition } = this;
    return composition.entries.some((entry) => entry.state.state === 'quarantined' && composition.isRequired(entry));
  }

  #unloaded(): Fault[] {
    return this.composition.entries.flatMap(({ state }) =>
      state.state === 'quarantined' && state.phase === 'import' && state.code === 'not-loaded' ? state.faults : [],
    );
  }
}

const codeOf = (phase: 'services' | 'start', error: unknown): CauseCode =>
  error instanceof StartTimeout ? 'start-timed-out' : phase === 'start' ? 'start-failed' : 'service-failed';

function faultOf(plugin: string, folder: string | undefined, where: 'services' | 'start', error: unknown): Fault {
  const { message: cause, stack } = describeError(error);
  const place = folder === undefined || error instanceof StartTimeout ? undefined : placeOf(error, folder);
  const message = place === undefined ? cause : `${cause} (${place})`;
  const remedy =
    error instanceof StartTimeout
      ? 'Do not wait for long work in start(), or raise PLUGIN_START_SECONDS.'
      : where === 'start'
        ? `See the message, fix it, then: ilearn plugin retry ${plugin}.`
        : 'See the message; nothing was started.';
  return { plugin, where, message, remedy, stack };
}
