import { pluginIdPattern } from '../database/names.js';
import type { Fault } from '../foundation/diagnosis.js';
import type { CheckedPlugin, LoadedPlugin } from '../foundation/plugin.js';
import type { PluginEntry } from './plugin-entry.js';
import { dependantsIn } from './plugin-graph.js';
import type { CauseCode, Phase, PluginState } from './plugin-state.js';

/** The plugins of this process and their states. Read the plugins in service from here each time they are needed. */
export class Composition {
  /** In the order of the configuration. */
  readonly #entries: PluginEntry[] = [];
  readonly #byId = new Map<string, PluginEntry>();
  /** In load order. */
  #active: readonly CheckedPlugin[] = [];

  /**
   * @param skipped packages that were not loaded because they are disabled
   * @param required packages without which the portal does not start
   */
  constructor(
    loaded: readonly LoadedPlugin[],
    unloaded: readonly Fault[],
    skipped: readonly string[],
    private readonly required: readonly string[] | 'all',
  ) {
    const taken = new Set(loaded.map(({ definition }) => definition.id));
    for (const plugin of loaded) {
      const { origin, definition } = plugin;
      // The second of two packages with the same id is known by its package name.
      const id = this.#entries.some((entry) => entry.id === definition.id) ? origin : definition.id;
      this.#add({ id, origin, loaded: plugin, checked: null, remembered: null, state: { state: 'waiting' } });
    }
    const addAbsent = (origin: string): string => {
      const guess = idOfPackage(origin);
      const id = taken.has(guess) ? origin : guess;
      this.#add({ id, origin, loaded: null, checked: null, remembered: null, state: { state: 'disabled' } });
      return id;
    };
    for (const fault of unloaded) this.quarantine(addAbsent(fault.plugin), 'import', 'not-loaded', [fault]);
    for (const origin of skipped) addAbsent(origin);
  }

  get entries(): readonly PluginEntry[] {
    return this.#entries;
  }

  /** The plugins in service. */
  get active(): readonly CheckedPlugin[] {
    return this.#active;
  }

  /** URLs of the packages' folders, by plugin. */
  get folders(): ReadonlyMap<string, string> {
    return new Map(this.#entries.flatMap(({ id, loaded }) => (loaded?.folder === undefined ? [] : [[id, loaded.folder]])));
  }

  /** By id, or by the name of the package. */
  find(name: string): PluginEntry | undefined {
    return this.#byId.get(name) ?? this.#entries.find(({ origin }) => origin === name);
  }

  isRequired({ origin }: PluginEntry): boolean {
    return this.required === 'all' || this.required.includes(origin);
  }

  isActive(id: string): boolean {
    return this.#byId.get(id)?.state.state === 'started';
  }

  isOut(id: string): boolean {
    const state = this.find(id)?.state.state;
    return state === 'quarantined' || state === 'disabled';
  }

  /** The faults of all quarantined plugins. */
  get faults(): Fault[] {
    return this.#entries.flatMap(({ state }) => (state.state === 'quarantined' ? state.faults : []));
  }

  /** The plugins that get an event's messages, including those out of service, for which messages wait, but not disabled ones. */
  subscribersOf(event: string): string[] {
    return this.#entries
      .filter(({ state }) => state.state !== 'disabled')
      .filter(({ checked, remembered }) =>
        checked === null ? remembered?.listensTo.includes(event) : checked.definition.on?.[event] !== undefined,
      )
      .map(({ id }) => id);
  }

  /** The plugins in service that require this one, directly or through others: they cannot run without it. */
  dependantsOf(id: string): PluginEntry[] {
    return dependantsIn(this.#entries, id, (entry) => !this.isOut(entry.id));
  }

  /** The plugins that are out of service only because they require this one, directly or through others. */
  waitingFor(id: string): PluginEntry[] {
    return dependantsIn(this.#entries, id, ({ state }) => state.state === 'quarantined' && state.code === 'requires-what-is-out');
  }

  /** Takes a plugin, and those that require it, out of service. Returns all of them. */
  quarantine(id: string, phase: Phase, code: CauseCode, faults: readonly Fault[]): PluginEntry[] {
    const entry = this.find(id);
    if (entry === undefined) return [];
    this.#set(entry, { state: 'quarantined', phase, code, faults });
    return [entry, ...this.dropDependantsOf(entry.id, phase)];
  }

  /** Takes the plugins that require this one out of service. */
  dropDependantsOf(id: string, phase: Phase): PluginEntry[] {
    const { state } = this.find(id) ?? {};
    const [fault] = state?.state === 'quarantined' ? state.faults : [];
    const disabled = state?.state === 'disabled';
    const dependants = this.dependantsOf(id);
    for (const entry of dependants) {
      const own: Fault = {
        plugin: entry.id,
        where: `requires.${id}`,
        message: `It requires ${id}, which is ${disabled ? 'disabled.' : `out of service: ${fault?.message ?? 'see there.'}`}`,
        remedy: disabled ? `ilearn plugin enable ${id}.` : `Fix ${id}, then: ilearn plugin retry ${id}.`,
      };
      this.#set(entry, { state: 'quarantined', phase, code: 'requires-what-is-out', faults: [own] });
    }
    return dependants;
  }

  /** Gives an entry the id that the database has for its package. */
  rename(entry: PluginEntry, id: string): void {
    if (this.#byId.has(id)) return;
    this.#byId.delete(entry.id);
    entry.id = id;
    this.#byId.set(id, entry);
  }

  set(id: string, state: PluginState): void {
    const entry = this.find(id);
    if (entry !== undefined) this.#set(entry, state);
  }

  /** Puts plugins in service. `plugins` are in load order; those already in service stay before them. */
  start(plugins: readonly CheckedPlugin[]): void {
    for (const { id } of plugins) this.set(id, { state: 'started' });
    const others = this.#active.filter(({ id }) => !plugins.some((plugin) => plugin.id === id));
    this.#active = [...others, ...plugins];
  }

  #add(entry: PluginEntry): void {
    this.#entries.push(entry);
    this.#byId.set(entry.id, entry);
  }

  #set(entry: PluginEntry, state: PluginState): void {
    entry.state = state;
    if (state.state !== 'started') this.#active = this.#active.filter(({ id }) => id !== entry.id);
  }
}

/** The id that a package has by convention: `@ilearn/plugin-data-space`, `ilearn-plugin-data-space` → `data-space`. */
function idOfPackage(name: string): string {
  const id = name.replace(/^@[^/]+\//, '').replace(/^(?:ilearn-)?plugin-/, '');
  return pluginIdPattern.test(id) ? id : name;
}
