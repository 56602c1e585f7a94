import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { entryStatement } from '../audit/entry.js';
import { keepPartitions } from '../audit/partitions.js';
import type { PersonFiles } from '../contract/plugin.js';
import { type SchoolScope, systemPrincipal } from '../contract/principal.js';
import type { ErasureStatus, Privacy as PrivacyService } from '../contract/services.js';
import type { Statement } from '../database/batch.js';
import { readCatalog } from '../database/catalog.js';
import type { DatabaseHome } from '../database/home.js';
import { type RoleNames, schemaOf } from '../database/names.js';
import { kernelIdentity } from '../database/settings.js';
import type { Unit } from '../database/unit.js';
import type { Frame } from '../frame.js';
import { describeError, type KernelLogger } from '../log.js';
import type { CheckedPlugin } from '../plugins/loaded.js';
import type { WorkRunner } from '../work-runner.js';
import { findErasable } from './erasable.js';
import { Erasures } from './erasures.js';
import { type PersonExport, personArchive, takeFiles } from './person-archive.js';
import { kernelRows, personRows } from './person-data.js';
import { checkedId } from './person-id.js';
import { absentPlugins, type PrivatePlugin, privatePlugin } from './person-table.js';
import { PrivilegedPrivacy } from './privileged-privacy.js';
import { makeRegister, type Register } from './register.js';
import { endExpired, findExpired, type RetentionLine } from './retention.js';
import type { Language } from './words.js';

export interface PrivacyParts {
  home: DatabaseHome;
  runner: WorkRunner;
  log: KernelLogger;
  names: RoleNames;
  portal: { readonly url: string };
  /** Months that the audit log is kept, the running one not counted. */
  auditMonths: number;
  /** Those in service, in load order. */
  plugins(): readonly CheckedPlugin[];
}

const TICK_MS = 60_000;
/** Retention runs once a day, in whichever process looks first. */
const RETENTION_EVERY = '20 hours';

/** What the kernel makes of the tables' declarations: a person's export and erasure, retention, and the care of the audit log. */
export class Privacy {
  readonly erasures: Erasures;
  readonly #stopping = new AbortController();
  #timer: NodeJS.Timeout | null = null;
  #work: Promise<void> = Promise.resolve();

  constructor(private readonly parts: PrivacyParts) {
    const { runner, home, log } = parts;
    const plugins = () => runner.run({}, ({ unit }) => this.plugins(unit));
    this.erasures = new Erasures({ runner, home, log, plugins, signal: this.#stopping.signal });
  }

  /** Goes on with erasures that a process left, and looks after what has to be done by the clock. */
  start(): void {
    this.#do(() => this.erasures.resume());
    this.#timer = setInterval(() => this.#do(() => this.#tick()), TICK_MS);
  }

  /** An erasure under way ends its batch; another process, or the next start, goes on. */
  async stop(): Promise<void> {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#stopping.abort();
    await this.#work;
  }

  /** The record of processing activities, and the plugins that it is of. */
  async register(unit: Unit): Promise<{ register: Register; plugins: PrivatePlugin[] }> {
    const { portal, auditMonths } = this.parts;
    const plugins = await this.plugins(unit);
    return { register: makeRegister({ portal: portal.url, auditMonths }, plugins), plugins };
  }

  /** The plugins with their tables as they stand. */
  async plugins(unit: Unit): Promise<PrivatePlugin[]> {
    const client = { query: (statement: Statement) => unit.query(kernelIdentity, statement) } as unknown as pg.ClientBase;
    const plugins: PrivatePlugin[] = [];
    for (const plugin of this.parts.plugins()) {
      plugins.push(privatePlugin(plugin, this.parts.names, await readCatalog(client, schemaOf(plugin.id))));
    }
    return plugins;
  }

  /**
   * Everything that these schools hold of a person, as a zip archive; within the caller's unit of work.
   *
   * @throws Error naming the plugin whose hook failed: an export that leaves something out is none
   */
  async export(frame: Frame, personId: string, language: Language, schools: SchoolScope = '*'): Promise<Uint8Array> {
    const person = checkedId(personId);
    const { unit } = frame;
    const plugins = (await this.plugins(unit)).map((each) => ({ ...each, identity: { ...each.identity, schools } }));
    const files: Record<string, Uint8Array> = {};
    const data: PersonExport = {
      person,
      portal: this.parts.portal.url,
      madeAt: new Date().toISOString(),
      schools,
      absent: await absentPlugins(unit, plugins),
      plugins: [{ id: 'kernel', tables: await kernelRows(unit, person, schools), files: [] }],
    };
    for (const plugin of plugins) {
      const own = await this.#exportHook(frame, plugin, person);
      data.plugins.push(takeFiles(plugin, await personRows(unit, plugin, person), own, files));
    }
    return personArchive(data, files, plugins, language);
  }

  /** Records that a person is to be erased, with the unit of work of the frame; begins once it commits. */
  async erase({ unit }: Frame, personId: string): Promise<ErasureStatus> {
    const id = await this.erasures.request(unit, checkedId(personId));
    unit.afterCommit(() => this.#do(() => this.erasures.resume()));
    return (await this.erasures.status(unit, id)) as ErasureStatus;
  }

  /** What erasing a person would do now, row by row; plugins' hooks not counted. */
  async erasable({ unit }: Frame, personId: string): Promise<RetentionLine[]> {
    return findErasable(unit, await this.plugins(unit), checkedId(personId));
  }

  expired(unit: Unit): Promise<RetentionLine[]> {
    return this.plugins(unit).then((plugins) => findExpired(unit, plugins));
  }

  async endExpired(): Promise<RetentionLine[]> {
    const { runner, log } = this.parts;
    return endExpired(runner, await runner.run({}, ({ unit }) => this.plugins(unit)), log);
  }

  /** Makes the months of the audit log that are needed and drops those past their time. */
  keepPartitions(): Promise<void> {
    return keepPartitions(this.parts.home.pool, this.parts.auditMonths);
  }

  /** The audit log's entry for what was done with a person's data otherwise than by a route. */
  async note({ unit, principal }: Frame, doing: string, personId: string, actorKind: string = principal.kind): Promise<void> {
    const actor = principal.kind === 'person' ? principal.id : null;
    const about = { plugin: 'kernel', route: doing, params: { person: personId }, status: 200, schools: principal.schools };
    await unit.record(entryStatement({ ...about, actorKind, actor, requestId: randomUUID() }));
  }

  /** One in service. */
  pluginOf(id: string): CheckedPlugin | null {
    return this.parts.plugins().find((plugin) => plugin.id === id) ?? null;
  }

  /** What the author says of a route; null for what is no route of a plugin in service. */
  summaryOf(pluginId: string, name: string): string | null {
    const routes = this.pluginOf(pluginId)?.definition.routes ?? [];
    return routes.find(({ method, path }) => `${method} /api/${pluginId}${path}` === name)?.summary ?? null;
  }

  /** What a plugin with the privilege is given. */
  serviceFor(pluginId: string): PrivacyService {
    return new PrivilegedPrivacy(pluginId, this);
  }

  async #exportHook(frame: Frame, { plugin, identity }: PrivatePlugin, personId: string): Promise<PersonFiles> {
    const hook = plugin.definition.privacy?.export;
    if (hook === undefined) return {};
    const { runner } = this.parts;
    try {
      return await runner.as(frame, systemPrincipal(identity.schools), (inner) =>
        hook({ personId, services: runner.cradleOf(plugin.id, inner) }),
      );
    } catch (error) {
      throw new Error(`${plugin.id}: its export hook failed`, { cause: error });
    }
  }

  async #tick(): Promise<void> {
    await this.keepPartitions();
    await this.erasures.resume();
    const { rowCount } = await this.parts.home.pool.query(
      `update kernel.chores set done_at = now() where name = 'retention' and done_at < now() - interval '${RETENTION_EVERY}'`,
    );
    if (rowCount === 0) return;
    const lines = await this.endExpired();
    if (lines.length > 0) this.parts.log.info({ lines }, 'retention');
  }

  /** One thing after another; a failure is told and tried again at the next tick. */
  #do(fn: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#stopping.signal.aborted) return;
      await fn().catch((error) => this.parts.log.warn({ err: describeError(error) }, 'privacy'));
    });
  }
}
