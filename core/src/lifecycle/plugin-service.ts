import { currentFrame } from '../context/frame.js';
import type { PluginReport, Plugins } from '../contract/operations.js';
import { Problem } from '../contract/problem.js';
import type { PluginCosts } from '../foundation/plugin-costs.js';
import type { Composition } from '../plugins/composition.js';
import { type PluginEntry, type PluginVersions, requirementsOf, versionsOf } from '../plugins/plugin-entry.js';
import { type Queryable, readStoredStates, type StoredState } from '../plugins/plugin-store.js';
import { disablingImpact, enabledAmong, requestRetry, resolvePluginId, setEnabled } from './operator-requests.js';
import type { PluginSupervisor } from './plugin-supervisor.js';
import { titleOf } from './plugin-title.js';
import type { ProcessReport, ReportedState } from './process-registry.js';

/**
 * The operator's commands, for a plugin that offers them on a page. They run in the caller's unit of work: a request is a row, which this
 * process reads after the commit and other processes within seconds.
 */
export class PluginService implements Plugins {
  constructor(
    private readonly plugin: string,
    private readonly composition: Composition,
    private readonly costs: PluginCosts,
    /** Null if no portal runs in this process. */
    private readonly supervisor: () => Pick<PluginSupervisor, 'reports' | 'sync'> | null,
  ) {}

  async list(language?: string): Promise<PluginReport[]> {
    const { database, composition } = this;
    const stored = await readStoredStates(database);
    const processes = (await this.supervisor()?.reports(database)) ?? [];
    const disabled = new Set(stored.filter(({ enabled }) => !enabled).map(({ id }) => id));
    // Cloned, because it includes this process's own state.
    const reports = composition.entries.map((entry) => ({
      ...describe(entry, processes),
      title: titleOf(entry.checked, entry.id, language),
      required: composition.isRequired(entry),
      dependants: enabledAmong(composition, disabled, entry.id),
      cost: this.costs.of(entry.id),
      changing: isChanging(
        stored.find(({ id }) => id === entry.id),
        processes,
      ),
    }));
    return structuredClone(reports);
  }

  retry(id: string): Promise<boolean> {
    return this.#ask(id, (name) => requestRetry(this.database, name));
  }

  enable(id: string): Promise<boolean> {
    return this.#ask(id, (name) => setEnabled(this.database, [name], true));
  }

  disable(id: string, { withDependants = false } = {}): Promise<boolean> {
    return this.#ask(id, async (name) => {
      const { required, dependants } = await disablingImpact(this.database, this.composition, name);
      if (required.length > 0) throw refusal('plugin-required', `This portal requires ${required.join(', ')}.`, required);
      if (dependants.length > 0 && !withDependants) {
        throw refusal('plugin-has-dependants', `Those that require ${name}: ${dependants.join(', ')}.`, dependants);
      }
      await setEnabled(this.database, [name, ...dependants], false);
    });
  }

  async #ask(id: string, wish: (name: string) => Promise<unknown>): Promise<boolean> {
    if (this.composition.find(id) === undefined) return false;
    await wish((await resolvePluginId(this.database, this.composition, id)) as string);
    currentFrame(this.plugin).unit.afterCommit(() => this.supervisor()?.sync());
    return true;
  }

  private get database(): Queryable {
    const { unit } = currentFrame(this.plugin);
    return { query: (text, values) => unit.kernel(text, values) };
  }
}

/** The state as reported by the processes; if there are none, as in this process. */
function describe(entry: PluginEntry, processes: readonly ProcessReport[]) {
  const { id, origin } = entry;
  const states: ReportedState[] = processes.flatMap(({ plugins }) => plugins[id] ?? []);
  const out = states.find(({ state }) => state === 'quarantined') ?? states.find(({ resting }) => resting !== undefined);
  const told = out ?? states[0] ?? { state: entry.state.state };
  const { state, phase, code, resting, faults }: Omit<ReportedState, keyof PluginVersions> = told;
  return {
    id,
    package: origin,
    ...versionsOf(entry),
    state,
    phase: phase ?? null,
    code: code ?? null,
    resting: resting ?? [],
    causes: faults ?? [],
    requires: requirementsOf(entry),
  };
}

function isChanging(row: StoredState | undefined, processes: readonly ProcessReport[]): boolean {
  if (row === undefined) return false;
  return processes.some(({ plugins, looked_at }) => {
    const state = plugins[row.id]?.state;
    if (state === undefined) return false;
    return (
      state === 'waiting' || (state === 'disabled') === row.enabled || (row.retry_asked_at?.getTime() ?? 0) > looked_at.getTime()
    );
  });
}

const refusal = (type: string, detail: string, plugins: string[]): Problem =>
  new Problem({ type, status: 409, title: 'Not disabled', detail, extra: { plugins } });
