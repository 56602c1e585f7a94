import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import { entryStatement } from '../audit/entry.js';
import { maintainPartitions } from '../audit/partitions.js';
import type { Frame } from '../context/frame.js';
import type { Statement, Unit } from '../context/unit.js';
import type { PersonFiles } from '../contract/plugin.js';
import { systemPrincipal } from '../contract/principal.js';
import type { ErasureStatus } from '../contract/privacy.js';
import type { PurposeChange } from '../contract/purpose.js';
import type { Clock } from '../contract/services.js';
import { CommandError } from '../contract/work.js';
import type { DatabaseHome } from '../database/homes/home.js';
import { type RoleNames, schemaOf } from '../database/names.js';
import type { OutageLog } from '../database/outages/outage-log.js';
import { readCatalog } from '../database/rights/catalog.js';
import { kernelIdentity } from '../database/unit/sql-identity.js';
import { personFiles } from '../files/person-files.js';
import type { FileStorage } from '../files/storage.js';
import { sweepRemoved } from '../files/sweep.js';
import { describeError, type KernelLogger } from '../foundation/log.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { type Choice, choicesOf } from '../foundation/purpose-choices.js';
import { type DeclaredPurpose, purposesOf } from '../foundation/purposes.js';
import type { WorkRunner } from '../unit-of-work/work-runner.js';
import { deleteOldDecisions } from './choices/choices.js';
import { findErasable, findHeld } from './erasure/erasable.js';
import { Erasures } from './erasure/erasures.js';
import { endExpired, findExpired, type RetentionLine } from './erasure/retention.js';
import { type ExportedPerson, type ExportParts, Exports } from './export/exports.js';
import { personArchive } from './export/person-archive.js';
import { kernelRows, personRows, type Reading } from './export/person-data.js';
import type { ExportPart } from './export/person-export.js';
import { checkedId } from './person-id.js';
import { absentPlugins, type PrivatePlugin, privatePlugin } from './person-table.js';
import { makeRegister, type Register } from './register/register.js';

export interface PrivacyParts {
  home: DatabaseHome;
  runner: WorkRunner;
  log: KernelLogger;
  outages: Pick<OutageLog, 'takesOwn'>;
  names: RoleNames;
  clock: Clock;
  /** The reason why nothing may be deleted by age now; null if there is none. */
  whyKeepEverything(): Promise<string | null>;
  portal: { readonly url: string };
  /** Number of months that the audit log is kept, not counting the current one. */
  auditMonths: number;
  /** Whether this process makes exports; if web and worker processes are separate, workers do. */
  makesExports: boolean;
  /** Hosts that the operator lets plugins call, by plugin id. */
  operatorHosts: Readonly<Record<string, { readonly hosts: readonly string[] }>>;
  /** What the operator changed about purposes, by id. */
  purposeChanges: Readonly<Record<string, PurposeChange>>;
  /** The store of files. */
  storage: FileStorage;
  /** The plugins in service, in load order. */
  plugins(): readonly CheckedPlugin[];
  announceExport: ExportParts['announce'];
}

const TICK_MS = 60_000;
/** Interval at which exports requested in other processes are picked up. */
const EXPORTS_MS = 2_000;
/** Retention runs once a day, in the process that checks first. */
const RETENTION_EVERY = '20 hours';

/** Export, erasure and retention of personal data as declared by the tables, and maintenance of the audit log. */
export class Privacy {
  readonly erasures: Erasures;
  readonly exports: Exports;
  readonly #stopping = new AbortController();
  readonly #timers: NodeJS.Timeout[] = [];
  #work: Promise<void> = Promise.resolve();
  /** Separate, so that the other work does not wait for exports. */
  #exporting: Promise<void> | null = null;

  constructor(private readonly parts: PrivacyParts) {
    const { runner, home, log, storage, announceExport: announce } = parts;
    const plugins = () => runner.run({}, ({ unit }) => this.plugins(unit));
    const { signal } = this.#stopping;
    this.erasures = new Erasures({ runner, home, log, plugins, signal, removeBytes: () => sweepRemoved(home, storage) });
    const archive: ExportParts['archive'] = (what, progress) => this.archive(what, progress);
    this.exports = new Exports({ runner, home, log, signal, archive, announce });
  }

  /** Resumes erasures that another process abandoned, and starts the scheduled work. */
  start(): void {
    this.#do(() => this.erasures.resume());
    this.#timers.push(setInterval(() => this.#do(() => this.#tick()), TICK_MS));
    if (this.parts.makesExports) this.#timers.push(setInterval(() => this.makeExports(), EXPORTS_MS));
  }

  /** A running erasure finishes its batch; another process, or the next start, continues. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearInterval(timer);
    this.#stopping.abort();
    await this.#work;
    await this.#exporting;
  }

  /** The record of processing activities, and the plugins that it covers. */
  async register(unit: Unit): Promise<{ register: Register; plugins: PrivatePlugin[] }> {
    const { portal, auditMonths, clock, operatorHosts } = this.parts;
    const plugins = await this.plugins(unit);
    const facts = { portal: portal.url, auditMonths, madeAt: clock.now(), operatorHosts };
    return { register: makeRegister(facts, plugins), plugins };
  }

  /** The purposes of the kernel and the plugins in service, by id, as the operator changed them. */
  purposes(): ReadonlyMap<string, DeclaredPurpose> {
    return purposesOf(this.parts.plugins(), this.parts.purposeChanges);
  }

  /** The plugins with their tables as they are in the database. */
  async plugins(unit: Unit): Promise<PrivatePlugin[]> {
    const client = { query: (statement: Statement) => unit.query(kernelIdentity, statement) } as unknown as pg.ClientBase;
    const plugins: PrivatePlugin[] = [];
    for (const plugin of this.parts.plugins()) {
      plugins.push(privatePlugin(plugin, this.parts.names, await readCatalog(client, schemaOf(plugin.id))));
    }
    return plugins;
  }

  /**
   * Everything that these tenants hold about a person, as a zip archive generated while it is read, in short units of work, one for each
   * batch of rows.
   *
   * @throws Error naming the plugin whose hook failed, because an incomplete export must not be delivered
   */
  async *archive(
    { person: personId, language, tenants }: ExportedPerson,
    progress?: (done: number) => void,
  ): AsyncGenerator<Uint8Array> {
    const { runner } = this.parts;
    const person = checkedId(personId);
    const reading: Reading = (read) => runner.run({ readOnly: true }, ({ unit }) => read(unit));
    const all = await reading((unit) => this.plugins(unit));
    const plugins = all.map((each) => ({ ...each, identity: { ...each.identity, tenants } }));
    const parts: ExportPart[] = [
      { id: 'kernel', plugin: null, tables: kernelRows(reading, person, tenants), own: async () => ({}) },
      ...plugins.map((plugin) => ({
        id: plugin.plugin.id,
        plugin,
        tables: personRows(reading, plugin, person),
        own: async () => {
          const { data, files } = await this.#exportHook(plugin, person);
          const kept = await reading((unit) => personFiles(unit, plugin.plugin, plugin.identity, this.parts.storage, person));
          return { data, files: { ...files, ...kept } };
        },
      })),
    ];
    const about = { person, portal: this.parts.portal.url, madeAt: this.parts.clock.now().toISOString(), tenants };
    const data = { ...about, absent: await reading((unit) => absentPlugins(unit, plugins)) };
    yield* personArchive({ data, parts, language, ...(progress === undefined ? {} : { progress }) });
  }

  /** Starts making the waiting exports, unless this process is already doing so. */
  makeExports(): void {
    if (!this.parts.makesExports || this.#stopping.signal.aborted) return;
    this.#exporting ??= this.exports
      .resume()
      .catch((error) => {
        if (!this.parts.outages.takesOwn(error)) this.parts.log.warn({ err: describeError(error) }, 'exports');
      })
      .finally(() => {
        this.#exporting = null;
      });
  }

  /** Requests the erasure of a person in the frame's unit of work; it begins after the commit. */
  async erase({ unit }: Frame, personId: string): Promise<ErasureStatus> {
    const id = await this.erasures.request(unit, checkedId(personId));
    unit.afterCommit(() => this.#do(() => this.erasures.resume()));
    return (await this.erasures.status(unit, id)) as ErasureStatus;
  }

  /** What erasing a person would do now, table by table; the plugins' hooks are not counted. */
  async erasable({ unit }: Frame, personId: string): Promise<RetentionLine[]> {
    return findErasable(unit, await this.plugins(unit), checkedId(personId));
  }

  /** The tables of plugins with rows that name the person. */
  async held({ unit }: Frame, personId: string): Promise<{ plugin: string; table: string }[]> {
    return findHeld(unit, await this.plugins(unit), checkedId(personId));
  }

  expired(unit: Unit): Promise<RetentionLine[]> {
    return this.plugins(unit).then((plugins) => findExpired(unit, plugins));
  }

  /** @throws CommandError while the database's clock is in doubt */
  async endExpired(): Promise<RetentionLine[]> {
    const why = await this.parts.whyKeepEverything();
    if (why !== null) throw new CommandError(`Nothing was deleted. ${why}`);
    const { runner, log } = this.parts;
    return endExpired(runner, await runner.run({}, ({ unit }) => this.plugins(unit)), log);
  }

  /** Creates missing partitions of the audit log, and drops expired ones unless the database's clock is in doubt. */
  maintainPartitions(): Promise<void> {
    const { home, auditMonths, whyKeepEverything } = this.parts;
    return maintainPartitions(home.pool, auditMonths, null, async () => (await whyKeepEverything()) === null);
  }

  /** What decides whether data of the purpose may be used; null if nothing does. */
  choiceOf(purpose: string): Choice | null {
    return choicesOf(this.parts.plugins(), this.parts.purposeChanges).get(purpose) ?? null;
  }

  /** Records an audit entry for access to a person's data other than by a route. */
  async note({ unit, principal }: Frame, doing: string, personId: string, actorKind: string = principal.kind): Promise<void> {
    const actor = principal.kind === 'person' ? principal.id : null;
    const about = { plugin: 'kernel', route: doing, params: { person: personId }, status: 200, tenants: principal.tenants };
    await unit.record(entryStatement({ ...about, actorKind, actor, requestId: randomUUID() }));
  }

  pluginsInService(): readonly CheckedPlugin[] {
    return this.parts.plugins();
  }

  /** A plugin in service. */
  pluginOf(id: string): CheckedPlugin | null {
    return this.parts.plugins().find((plugin) => plugin.id === id) ?? null;
  }

  /** The summary of a route; null if it is not a route of a plugin in service. */
  summaryOf(pluginId: string, name: string): string | null {
    const routes = this.pluginOf(pluginId)?.definition.routes ?? [];
    return routes.find(({ method, path }) => `${method} /api/${pluginId}${path}` === name)?.summary ?? null;
  }

  async #exportHook({ plugin, identity }: PrivatePlugin, personId: string): Promise<PersonFiles> {
    const hook = plugin.definition.privacy?.export;
    if (hook === undefined) return {};
    const { runner } = this.parts;
    const work = { principal: systemPrincipal(identity.tenants), about: { plugin: plugin.id }, officer: true };
    try {
      return await runner.run(work, (frame) => hook({ personId, services: runner.cradleOf(plugin.id, frame) }));
    } catch (error) {
      throw new Error(`${plugin.id}: its export hook failed`, { cause: error });
    }
  }

  async #tick(): Promise<void> {
    await this.maintainPartitions();
    await this.erasures.resume();
    await this.exports.expire();
    if ((await this.parts.whyKeepEverything()) !== null) return;
    const { rowCount } = await this.parts.home.pool.query(
      `update kernel.chores set done_at = now() where name = 'retention'
         and (done_at < now() - interval '${RETENTION_EVERY}' or done_at > now())`,
    );
    if (rowCount === 0) return;
    await deleteOldDecisions(this.parts.home.pool);
    const lines = await this.endExpired();
    if (lines.length > 0) this.parts.log.info({ lines }, 'retention');
  }

  /** Runs one task after another; a failure is logged, and the next tick runs the task again. */
  #do(fn: () => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#stopping.signal.aborted) return;
      await fn().catch((error) => {
        if (!this.parts.outages.takesOwn(error)) this.parts.log.warn({ err: describeError(error) }, 'privacy');
      });
    });
  }
}
