import type { DatabaseHome } from '../database/homes/home.js';
import type { OutageLog } from '../database/outages/outage-log.js';
import type { KernelLogger } from '../foundation/log.js';
import type { Composition } from '../plugins/composition.js';
import type { Gate } from '../plugins/gate.js';
import { type Queryable, readStoredStates } from '../plugins/plugin-store.js';
import type { PluginSwitch } from './plugin-switch.js';
import { liveProcesses, ProcessRecord, type ProcessReport, type ReportedState } from './process-registry.js';

const POLL_MS = 2_000;

/**
 * Applies operators' decisions, stored in the database, to a running portal, and reports the outcome there. In this way one command reaches
 * every process.
 */
export class Reconciler {
  readonly #row: ProcessRecord;
  readonly #retriesSeen = new Map<string, number>();
  #timer: NodeJS.Timeout | null = null;
  #lookedAt = new Date(0);
  #looking = false;
  #running: Promise<void> = Promise.resolve();

  constructor(
    private readonly home: DatabaseHome,
    private readonly composition: Composition,
    private readonly gate: Gate,
    private readonly live: PluginSwitch,
    private readonly log: KernelLogger,
    private readonly outages: Pick<OutageLog, 'takesOwn'>,
  ) {
    this.#row = new ProcessRecord(home);
  }

  async start(): Promise<void> {
    this.#lookedAt = await this.#row.beat();
    for (const { id, retry_asked_at } of await readStoredStates(this.home.pool)) {
      this.#retriesSeen.set(id, retry_asked_at?.getTime() ?? 0);
    }
    await this.#row.write(this.states(), this.#lookedAt);
    // Only this process can write to the embedded database: commands arrive through the socket, which triggers a look.
    if (this.home.kind === 'pglite') return;
    this.#timer = setInterval(() => {
      // Send a heartbeat even while a look waits for a plugin that starts slowly.
      (this.#looking ? this.#row.beat() : this.now()).catch((error: Error) => {
        if (!this.outages.takesOwn(error)) this.log.warn({ err: error.message }, 'the states of plugins could not be read');
      });
    }, POLL_MS);
  }

  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    await this.#running.catch(() => {});
    await this.#row.remove().catch(() => {});
  }

  /** Looks now; one look at a time. */
  now(): Promise<void> {
    this.#running = this.#running.catch(() => {}).then(() => this.#look());
    return this.#running;
  }

  /** The report of each running process: the current state of this one, the last report of the others. */
  async reports(database: Queryable): Promise<ProcessReport[]> {
    const { id, name } = this.#row;
    const others = (await liveProcesses(database)).filter((each) => each.id !== id);
    return [{ id, name, plugins: this.states(), looked_at: this.#lookedAt }, ...others];
  }

  /** Includes the causes, which are for operators. */
  states(): Record<string, ReportedState> {
    const states: Record<string, ReportedState> = this.gate.states();
    for (const { id, state } of this.composition.entries) {
      const causes = state.state === 'quarantined' ? state.faults : this.gate.restingFaults(id);
      if (causes.length === 0) continue;
      const faults = causes.map(({ where, message, remedy }) => ({ where, message, remedy }));
      states[id] = { ...(states[id] as ReportedState), faults };
    }
    return states;
  }

  async #look(): Promise<void> {
    this.#looking = true;
    try {
      // Take the time before reading: requests that arrive during this look belong to the next one.
      const at = await this.#row.beat();
      const stored = await readStoredStates(this.home.pool);
      for (const { id, enabled } of stored) if (!enabled) await this.live.disable(id);
      for (const { id, enabled, retry_asked_at } of stored) {
        if (!enabled) continue;
        await this.live.enable(id);
        const asked = retry_asked_at?.getTime() ?? 0;
        if (asked > (this.#retriesSeen.get(id) ?? 0)) await this.live.retry(id);
        this.#retriesSeen.set(id, asked);
      }
      this.#lookedAt = at;
      await this.#row.write(this.states(), at);
    } finally {
      this.#looking = false;
    }
  }
}
