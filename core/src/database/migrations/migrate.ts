import { randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { PurposeChange } from '../../contract/purpose.js';
import type { Migration } from '../../contract/table.js';
import type { TimePlugin } from '../../foundation/boot-report.js';
import type { Fault } from '../../foundation/diagnosis.js';
import type { CheckedPlugin } from '../../foundation/plugin.js';
import { type Choice, choicesOf } from '../../foundation/purpose-choices.js';
import type { DatabaseHome } from '../homes/home.js';
import { resetSession, revokeTemporary } from '../homes/session.js';
import { quote, type RoleNames, schemaAccessOf, schemaOf } from '../names.js';
import { readCatalog } from '../rights/catalog.js';
import { checkCatalog } from '../rights/check-catalog.js';
import { applyRights, grantReading, holdersOf } from '../rights/grants.js';
import { ensureRoles } from '../rights/roles.js';
import { tenantSettings } from '../unit/sql-identity.js';
import { applyPending, type MigrationReport, noteNewer } from './apply-pending.js';
import { makeFileTables, noteFileKinds } from './file-tables.js';
import { checksumOf, fingerprintOf } from './fingerprint.js';
import { type History, readHistory } from './history.js';
import { kernelMigrations } from './kernel/index.js';
import { inRetriedTransaction, isContended } from './retry-transaction.js';
import { MigrationFailure } from './run-migration.js';

/** Key of an advisory lock; the value is arbitrary, but every portal must use the same one. */
const MIGRATION_LOCK = 7_205_614_331;

export interface MigrationOptions {
  /** Roll everything back, only to see what would be applied. */
  rehearse?: boolean;
  /** Other plugins, whose rights in each other's views are kept. */
  all?: readonly CheckedPlugin[];
  time?: TimePlugin;
  /** What the operator changes about purposes, by id. */
  purposeChanges?: Readonly<Record<string, PurposeChange>>;
}

/** State shared by the migrations of one run. */
interface Run {
  client: pg.PoolClient;
  /** All plugins, for their rights in each other's views. */
  known: readonly CheckedPlugin[];
  names: RoleNames;
  /** The purposes that depend on what people decide. */
  choices: ReadonlyMap<string, Choice>;
  history: History;
  report: Omit<MigrationReport, 'failed'>;
}

/**
 * Migrates the kernel's tables, then each plugin in its own transaction, under an advisory lock. A plugin's migrations block only users of
 * its tables, and are undone as a whole if one fails.
 *
 * @throws MissingRightsError if roles are missing and cannot be created
 */
export async function migrate(
  home: DatabaseHome,
  plugins: readonly CheckedPlugin[],
  names: RoleNames,
  options: MigrationOptions = {},
): Promise<MigrationReport> {
  const client = await home.pool.connect();
  try {
    // Wait for another migrating process without a time limit.
    await client.query('set lock_timeout = 0; set statement_timeout = 0; set idle_in_transaction_session_timeout = 0');
    await client.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    return await (options.rehearse === true ? rehearse : apply)(client, plugins, names, options);
  } finally {
    await client.query(`select pg_advisory_unlock(${MIGRATION_LOCK})`).catch(() => {});
    // Migrations may have left temporary objects in the session.
    await client.query('discard temp').catch(() => {});
    client.release(!(await resetSession(client)));
  }
}

async function apply(
  client: pg.PoolClient,
  plugins: readonly CheckedPlugin[],
  names: RoleNames,
  options: MigrationOptions,
): Promise<MigrationReport> {
  await ensureRoles(
    client,
    plugins.map(({ id }) => id),
    names,
  );
  const report = { applied: {}, newer: {}, faults: [] };
  await inRetriedTransaction(client, async () => {
    report.applied = {};
    await prepareKernel(client, report);
    return true;
  });
  return migrateEach(client, plugins, names, options, report, (run, plugin) => attemptByItself(run, plugin));
}

/**
 * Runs all migrations in one transaction that is rolled back, since plugins build on each other's tables; the roles are created in it too.
 */
async function rehearse(
  client: pg.PoolClient,
  plugins: readonly CheckedPlugin[],
  names: RoleNames,
  options: MigrationOptions,
): Promise<MigrationReport> {
  const lost: Fault[] = [];
  for (;;) {
    const rest = plugins.filter(({ id }) => !lost.some(({ plugin }) => plugin === id));
    const report = { applied: {}, newer: {}, faults: [...lost] };
    try {
      await client.query(`begin; set local lock_timeout = ${REHEARSAL_LOCK_MS}`);
      await ensureRoles(
        client,
        rest.map(({ id }) => id),
        names,
      );
      await prepareKernel(client, report);
      return await migrateEach(client, rest, names, options, report, attemptInSavepoint);
    } catch (error) {
      if (!(error instanceof TransactionLost)) throw error;
      lost.push(...error.faults);
    } finally {
      await client.query('rollback').catch(() => {});
    }
  }
}

/** Maximum wait for a lock during a rehearsal. */
const REHEARSAL_LOCK_MS = 5_000;

async function migrateEach(
  client: pg.PoolClient,
  plugins: readonly CheckedPlugin[],
  names: RoleNames,
  { all = [], time = (_, step) => step(), purposeChanges }: MigrationOptions,
  report: Omit<MigrationReport, 'failed'>,
  attempt: (run: Run, plugin: CheckedPlugin) => Promise<Fault[]>,
): Promise<MigrationReport> {
  const known = [...plugins, ...all.filter(({ id }) => !plugins.some((plugin) => plugin.id === id))];
  const failed = new Set(report.faults.map(({ plugin }) => plugin));
  const choices = choicesOf(known, purposeChanges);
  const run: Run = { client, known, names, choices, history: await readHistory(client), report };
  const missing = (id: string) => failed.has(id) || !known.some((plugin) => plugin.id === id);
  for (const plugin of plugins) {
    const requires = Object.keys(plugin.definition.requires ?? {});
    // A plugin that requires a failed one would only repeat the same faults.
    const faults = requires.some(missing) ? null : await time(plugin.id, () => attempt(run, plugin));
    if (faults === null || faults.length > 0) failed.add(plugin.id);
    report.faults.push(...(faults ?? []));
  }
  return { ...report, failed };
}

/** A plugin's migration ended the savepoint in which it ran. */
class TransactionLost extends Error {
  constructor(readonly faults: readonly Fault[]) {
    super('a migration left its transaction');
  }
}

/** @param migrations all of the kernel's, or the first of them */
export async function prepareKernel(
  client: pg.PoolClient,
  report: Omit<MigrationReport, 'failed'>,
  migrations: readonly Migration[] = kernelMigrations,
): Promise<void> {
  await bootstrap(client);
  await revokeTemporary(client);
  await applyPending(client, 'kernel', migrations, (await readHistory(client)).applied('kernel'), report);
  const { rows } = await client.query<{ open: boolean }>(`select has_schema_privilege('public', 'kernel', 'usage') as open`);
  if (rows[0]?.open !== true) await client.query('grant usage on schema kernel to public');
}

async function bootstrap(client: pg.PoolClient): Promise<void> {
  await client.query('create schema if not exists kernel');
  await client.query(`create table if not exists kernel.migrations (
    plugin text not null, name text not null, checksum text not null, applied_at timestamptz not null default now(),
    primary key (plugin, name))`);
}

/** Whether there is nothing to do. If a newer version migrated the plugin, the policies of that version are kept. */
function isUpToDate({ known, choices, history, report }: Run, plugin: CheckedPlugin): boolean {
  const migrations = plugin.definition.migrations ?? [];
  const applied = history.applied(plugin.id);
  if (!migrations.every((migration) => applied.get(migration.name) === checksumOf(migration))) return false;
  if (applied.size <= migrations.length && history.fingerprints.get(plugin.id) !== fingerprintOf(plugin, known, choices))
    return false;
  noteNewer(plugin.id, migrations, applied, report);
  return true;
}

async function attemptByItself(run: Run, plugin: CheckedPlugin): Promise<Fault[]> {
  if (isUpToDate(run, plugin)) return [];
  let faults: Fault[] = [];
  try {
    await inRetriedTransaction(run.client, async () => {
      forget(run, plugin);
      faults = await migratePlugin(run, plugin);
      return faults.length === 0;
    });
  } catch (error) {
    if (!isContended(error)) throw error;
    const message = `What it changes was locked by others at each attempt: ${(error as Error).message}.`;
    const remedy =
      'pg_stat_activity shows who holds it (a long query, a backup, an open session). Then try again; nothing was stored.';
    faults = [{ plugin: plugin.id, where: 'migrations', message, remedy }];
  }
  if (faults.length > 0) forget(run, plugin);
  return faults;
}

async function attemptInSavepoint(run: Run, plugin: CheckedPlugin): Promise<Fault[]> {
  if (isUpToDate(run, plugin)) return [];
  // A name that no migration can guess.
  const savepoint = quote(`plugin_${randomUUID()}`);
  await run.client.query(`savepoint ${savepoint}`);
  const faults = await migratePlugin(run, plugin).catch((error: Error): Fault[] => {
    if (!isContended(error)) throw error;
    const remedy = 'Run ilearn plan when the portal is less busy, or on a copy of the database.';
    return [{ plugin: plugin.id, where: 'migrations', message: `What it changes is locked: ${error.message}.`, remedy }];
  });
  if (faults.length > 0) {
    forget(run, plugin);
    // The savepoint is gone, so the attempt cannot be undone: start again without this plugin.
    await run.client.query(`rollback to savepoint ${savepoint}`).catch(() => {
      throw new TransactionLost(faults);
    });
  }
  return faults;
}

/** Removes an attempt that was rolled back from the report. */
function forget({ report }: Run, { id }: CheckedPlugin): void {
  delete report.applied[id];
  delete report.newer[id];
}

async function migratePlugin({ client, known, names, choices, history, report }: Run, plugin: CheckedPlugin): Promise<Fault[]> {
  const { id, definition } = plugin;
  const schema = schemaOf(id);
  const fault = (where: string, message: string, remedy: string): Fault => ({ plugin: id, where, message, remedy });

  const owner = names.owner(id);
  let outdated: string[] = [];
  await client.query(`create schema if not exists ${quote(schema)} authorization ${quote(owner)}`);
  await client.query(`set local role ${quote(owner)}`);
  try {
    await client.query([`set local search_path = ${quote(schema)}, pg_temp`, ...tenantSettings('*')].join('; '));
    await grantReading(client, plugin, known, names);
    await makeFileTables(client, plugin);
    const runs = { role: owner, access: schemaAccessOf(plugin) };
    await applyPending(client, id, definition.migrations ?? [], history.applied(id), report, runs);
    const catalog = await readCatalog(client, schema);
    const holders = holdersOf(plugin, known, names);
    const faults = checkCatalog(definition, catalog, holders);
    if (faults.length > 0) return faults;
    outdated = await applyRights(client, plugin, names, catalog, holders, choices);
  } catch (error) {
    if (isContended(error)) throw error;
    if (error instanceof MigrationFailure) return [fault(error.where, error.message, error.remedy)];
    const { message } = error as Error;
    return [fault('migrations', message, 'Fix the migration; nothing was stored.')];
  } finally {
    await client.query('set local role none; set local search_path = pg_catalog, kernel, pg_temp').catch(() => {});
  }
  await noteFileKinds(client, plugin);
  await client.query(
    `insert into kernel.plugins (id, version, fingerprint) values ($1, $2, $3)
     on conflict (id) do update set version = excluded.version, fingerprint = excluded.fingerprint, migrated_at = now()`,
    [id, definition.version, fingerprintOf(plugin, known, choices)],
  );
  // Clear the fingerprint of an absent plugin, so that it gets its rights back when it returns.
  const { rows } = outdated.length === 0 ? { rows: [] } : await client.query<{ id: string }>('select id from kernel.plugins');
  const absent = rows.map((row) => row.id).filter((other) => outdated.includes(names.runtime(other)));
  if (absent.length > 0) await client.query(`update kernel.plugins set fingerprint = '' where id = any($1)`, [absent]);
  return [];
}
