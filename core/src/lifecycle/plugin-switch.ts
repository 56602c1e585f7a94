import type { DatabaseHome } from '../database/homes/home.js';
import type { OutageLog } from '../database/outages/outage-log.js';
import type { Fault } from '../foundation/diagnosis.js';
import type { KernelLogger } from '../foundation/log.js';
import type { LoadedPlugin } from '../foundation/plugin.js';
import type { Composition } from '../plugins/composition.js';
import type { Gate } from '../plugins/gate.js';
import type { PluginEntry } from '../plugins/plugin-entry.js';
import type { CauseCode } from '../plugins/plugin-state.js';
import { storeManifests } from '../plugins/plugin-store.js';
import type { Activation } from './activation.js';
import type { PluginRuntime } from './plugin-runtime.js';

/** Imports a package from disk again, with its current configuration. */
export type Reload = (origin: string) => Promise<{ plugin: LoadedPlugin } | { fault: Fault }>;

export interface PluginSwitchParts {
  composition: Composition;
  activation: Activation;
  runtime: PluginRuntime;
  gate: Gate;
  home: DatabaseHome;
  log: KernelLogger;
  outages: OutageLog;
  /** Undefined: plugins that were not loaded at boot cannot be loaded later. */
  reload: Reload | undefined;
  /** Called after the set of plugins in service changed. */
  changed(): Promise<void>;
}

/** Takes plugins of a running portal out of service and brings them back, one change at a time. */
export class PluginSwitch {
  #turn: Promise<unknown> = Promise.resolve();

  constructor(private readonly parts: PluginSwitchParts) {}

  /**
   * Tries a quarantined plugin again, together with those that are out of service because of it; ends the rest of a plugin that rests after
   * failures.
   */
  retry(id: string): Promise<void> {
    return this.#inTurn(async () => {
      this.parts.gate.reset(id);
      const entry = this.parts.composition.find(id);
      if (entry?.state.state === 'quarantined') await this.#bringBack(entry);
    });
  }

  enable(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const entry = this.parts.composition.find(id);
      if (entry?.state.state === 'disabled') await this.#bringBack(entry);
    });
  }

  disable(id: string): Promise<void> {
    return this.#inTurn(async () => {
      const { composition, runtime, log } = this.parts;
      const entry = composition.find(id);
      if (entry === undefined || entry.state.state === 'disabled') return;
      composition.set(entry.id, { state: 'disabled' });
      const dependants = composition.dropDependantsOf(entry.id, 'run');
      log.warn({ plugin: entry.id, with: dependants.map((other) => other.id) }, 'disabled');
      for (const other of [...dependants.reverse(), entry]) await runtime.remove(other.id);
      await this.parts.changed();
    });
  }

  /** Quarantines a plugin because of what it did while running. */
  quarantine(id: string, code: CauseCode, fault: Fault): Promise<void> {
    return this.#inTurn(async () => {
      const { activation, runtime } = this.parts;
      for (const entry of activation.out(id, 'run', code, [fault]).reverse()) await runtime.remove(entry.id);
      await this.parts.changed();
    });
  }

  async #bringBack(entry: PluginEntry): Promise<void> {
    const { composition, activation, runtime, home, log, reload } = this.parts;
    // The plugin's code, manifest or configuration may have been fixed on disk.
    if (entry.loaded === null || (reload !== undefined && entry.state.state === 'quarantined')) {
      const found = await (reload ?? cannotReload)(entry.origin);
      if ('fault' in found) {
        composition.quarantine(entry.id, 'import', 'not-loaded', [found.fault]);
        log.error({ plugin: entry.id, phase: 'import', code: 'not-loaded', causes: [found.fault] }, 'out of service');
        return;
      }
      entry.loaded = found.plugin;
      composition.rename(entry, found.plugin.definition.id);
    }
    composition.set(entry.id, { state: 'waiting' });
    const waiting = composition.waitingFor(entry.id);
    await activation.activate(home, runtime, [entry.id, ...waiting.map(({ id }) => id)]);
    await storeManifests(home.pool, composition.entries);
    if (composition.isActive(entry.id)) log.info({ plugin: entry.id, with: waiting.map(({ id }) => id) }, 'in service again');
    await this.parts.changed();
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const turn = this.#turn.then(change);
    this.#turn = turn.catch(() => {});
    return turn;
  }
}

const cannotReload: Reload = async (origin) => ({
  fault: { plugin: origin, where: 'package', message: 'It was not loaded.', remedy: 'Start the portal again.' },
});
