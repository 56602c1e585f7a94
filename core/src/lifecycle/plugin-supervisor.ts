import type { RoleNames } from '../database/names.js';
import type { FileStorage } from '../files/storage.js';
import { MemoryWatch } from '../plugins/memory-watch.js';
import type { Queryable } from '../plugins/plugin-store.js';
import type { CommandInput, CommandResult } from './commands/command.js';
import { runCommand } from './commands/run-command.js';
import { PluginSwitch, type PluginSwitchParts } from './plugin-switch.js';
import type { ProcessReport } from './process-registry.js';
import { Reconciler } from './reconciler.js';

/** Supervises the plugins of a running portal: applies operators' decisions, and quarantines a plugin that fills the memory. */
export class PluginSupervisor {
  readonly #sync: Reconciler;
  readonly #memory: MemoryWatch;

  constructor(private readonly parts: PluginSwitchParts & { names: RoleNames; storage: FileStorage }) {
    const { home, composition, gate, log, outages } = parts;
    const pluginSwitch = new PluginSwitch(parts);
    this.#sync = new Reconciler(home, composition, gate, pluginSwitch, log, outages);
    this.#memory = new MemoryWatch({
      folders: () => composition.folders,
      quarantine: (id, fault) => pluginSwitch.quarantine(id, 'too-much-memory', fault),
      log,
    });
  }

  async start(): Promise<void> {
    await this.#sync.start();
    // Plugins without packages (in tests) cannot be identified by stack traces.
    if (this.parts.composition.folders.size > 0) this.#memory.start();
  }

  async stop(): Promise<void> {
    this.#memory.stop();
    await this.#sync.stop();
  }

  reports(database: Queryable): Promise<ProcessReport[]> {
    return this.#sync.reports(database);
  }

  /** Applies the database's state now; other processes do so within seconds. */
  sync(): Promise<void> {
    return this.#sync.now();
  }

  operate(input: CommandInput): Promise<CommandResult> {
    return runCommand({ ...this.parts, sync: () => this.sync() }, input);
  }
}
