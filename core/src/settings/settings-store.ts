import type { Unit } from '../context/unit.js';
import type { Logger } from '../contract/services.js';
import type { SettingsDeclaration } from '../contract/settings.js';
import type { DatabaseHome } from '../database/homes/home.js';
import type { Listener } from '../database/homes/listener.js';
import { seal, unseal } from './seal.js';
import { PORTAL, type Resolved, resolve, type StoredFields, valuesOf } from './stored-settings.js';

const CHANNEL = 'ilearn_settings';
/** A cached value is read again after this time, because a notification may be lost with its connection. */
const REMEMBERED_MS = 30_000;
const MOST_REMEMBERED = 5_000;

/** A unit of work, or the pool outside of one. */
export type Ask = <R extends Record<string, unknown>>(text: string, values?: unknown[]) => Promise<{ rows: R[] }>;

interface Known {
  resolved: Map<string, Resolved>;
  values: Readonly<Record<string, unknown>>;
  until: number;
}

export interface StoreParts {
  home: DatabaseHome;
  log: Logger;
  /** Reads the master key; called only for secrets. */
  readMaster(database: { query: Ask }): Promise<Uint8Array>;
}

/** Reads settings and caches them until a setting changes, in this process or another. */
export class SettingsStore {
  readonly #known = new Map<string, Known>();
  /** Units that changed settings themselves: they read their own changes, and what they read is not cached. */
  readonly #changing = new WeakSet<Unit>();
  /** Invalid stored values that were already logged. */
  readonly #told = new Set<string>();
  readonly #hearers: (() => void)[] = [];
  #master: Uint8Array | null = null;
  #generation = 0;
  #listener: Listener | null = null;

  constructor(private readonly parts: StoreParts) {}

  start(): void {
    this.#listener = this.parts.home.listen?.(CHANNEL, this.forget) ?? null;
  }

  stop(): void {
    this.#listener?.close();
  }

  /** Calls `fn` whenever settings may have changed. */
  onChange(fn: () => void): void {
    this.#hearers.push(fn);
  }

  readonly forget = (): void => {
    this.#generation++;
    this.#known.clear();
    for (const hear of this.#hearers) hear();
  };

  /** Call this in the unit of work that stores a change. */
  async changed(unit: Unit): Promise<void> {
    this.#changing.add(unit);
    unit.afterCommit(this.forget);
    await unit.kernel(`select pg_notify('${CHANNEL}', '')`);
  }

  /** The effective values, frozen. */
  async values(
    plugin: string,
    declared: SettingsDeclaration,
    tenant: string,
    unit: Unit | null,
  ): Promise<Readonly<Record<string, unknown>>> {
    return (await this.#read(plugin, declared, tenant, unit)).values;
  }

  async #read(plugin: string, declared: SettingsDeclaration, tenant: string, unit: Unit | null): Promise<Known> {
    const key = `${plugin} ${tenant}`;
    const fresh = unit !== null && this.#changing.has(unit);
    const known = fresh ? undefined : this.#known.get(key);
    if (known !== undefined && known.until > performance.now()) return known;
    // If a change is notified while this reads, the result may not include it.
    const generation = this.#generation;
    const resolved = (await this.look(plugin, declared, tenant, unit)).resolved;
    const read = { resolved, values: valuesOf(resolved), until: performance.now() + REMEMBERED_MS };
    if (fresh || generation !== this.#generation) return read;
    if (this.#known.size >= MOST_REMEMBERED) this.#known.clear();
    this.#known.set(key, read);
    return read;
  }

  /** Reads without the cache. The version is that of the row; 0 if there is none. */
  async look(
    plugin: string,
    declared: SettingsDeclaration,
    tenant: string,
    unit: Unit | null,
  ): Promise<{ resolved: Map<string, Resolved>; version: number; fields: StoredFields }> {
    const ask = this.#askIn(unit);
    const { rows } = await ask<{ tenant: string; fields: StoredFields; version: number }>(
      'select tenant, fields, version from kernel.settings where plugin = $1 and tenant = any($2)',
      [plugin, [PORTAL, tenant]],
    );
    const row = (of: string) => rows.find((each) => each.tenant === of);
    const own = row(tenant);
    const stored = { tenant: own?.fields ?? {}, portal: row(PORTAL)?.fields ?? {} };
    const sealed = rows.some(({ fields }) =>
      Object.values(fields).some((value) => typeof value === 'object' && value !== null && 'sealed' in value),
    );
    const master = sealed ? await this.#key(unit) : null;
    const resolved = resolve(declared, tenant, stored, (of, field, value) =>
      master === null ? undefined : unseal(master, placeOf(plugin, of, field), value),
    );
    for (const [field, { misfit }] of resolved) if (misfit) this.#tell(plugin, tenant, field);
    return { resolved, version: own?.version ?? 0, fields: stored.tenant };
  }

  async seal(plugin: string, tenant: string, field: string, text: string, unit: Unit): Promise<{ sealed: string }> {
    return seal(await this.#key(unit), placeOf(plugin, tenant, field), text);
  }

  async #key(unit: Unit | null): Promise<Uint8Array> {
    this.#master ??= await this.parts.readMaster({ query: this.#askIn(unit) });
    return this.#master;
  }

  /** An open unit holds the only connection of the embedded database, so its statements must be used. */
  #askIn(unit: Unit | null): Ask {
    return (text, values) => (unit === null ? this.parts.home.pool.query(text, values) : unit.kernel(text, values));
  }

  #tell(plugin: string, tenant: string, field: string): void {
    const place = `${plugin} ${tenant} ${field}`;
    if (this.#told.has(place) || this.#told.size > 1_000) return;
    this.#told.add(place);
    this.parts.log.warn(
      { plugin, setting: field, ...(tenant === PORTAL ? {} : { tenant }) },
      'a stored setting no longer fits its schema: its fallback is used',
    );
  }
}

const placeOf = (plugin: string, tenant: string, field: string): string => `${plugin}/${tenant}/${field}`;
