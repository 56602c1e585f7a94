import type { RoleNames } from '../database/names.js';
import { MemoryWatch } from '../plugins/memory-watch.js';
import type { Queryable } from '../plugins/plugin-store.js';
import type { Outcome, VerbInput } from './commands/command.js';
import { runVerb } from './commands/run-command.js';
import { type LiveParts, LivePlugins } from './plugin-switch.js';
import type { ProcessReport } from './process-registry.js';
import { StateSync } from './reconciler.js';

/** Looks after the plugins of a running portal: does what operators decide, and puts out who fills the memory. */
export class Steward {
  readonly #sync: StateSync;
  readonly #memory: MemoryWatch;

  constructor(private readonly parts: LiveParts & { names: RoleNames }) {
    const { home, composition, gate, log, outages } = parts;
    const live = new LivePlugins(parts);
    this.#sync = new StateSync(home, composition, gate, live, log, outages);
    this.#memory = new MemoryWatch({
      folders: () => composition.folders,
      blame: (id, fault) => live.quarantine(id, 'too-much-memory', fault),
      log,
    });
  }

  async start(): Promise<void> {
    await this.#sync.start();
    // Without packages there is nobody to blame.
    if (this.parts.composition.folders.size > 0) this.#memory.start();
  }

  async stop(): Promise<void> {
    this.#memory.stop();
    await this.#sync.stop();
  }

  reports(database: Queryable): Promise<ProcessReport[]> {
    return this.#sync.reports(database);
  }

  /** Does at once what the database says; other processes do so within seconds. */
  sync(): Promise<void> {
    return this.#sync.now();
  }

  operate(input: VerbInput): Promise<Outcome> {
    return runVerb({ ...this.parts, sync: () => this.sync() }, input);
  }
}
