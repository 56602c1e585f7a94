import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { TimePlugin } from '../boot-report.js';
import type { Migration } from '../contract/table.js';
import { CompositionError, type Fault } from '../plugins/fault.js';
import type { CheckedPlugin } from '../plugins/loaded.js';
import { type Catalog, readCatalog } from './catalog.js';
import { checkCatalog, schoolColumn } from './check-catalog.js';
import { outdatedGrants, type RightsHolders } from './check-rights.js';
import type { DatabaseHome } from './home.js';
import { kernelMigrations } from './kernel-schema.js';
import { quote, type RoleNames, schemaOf } from './names.js';
import { ensureRoles } from './roles.js';
import { securityStatements } from './row-level-security.js';
import { MigrationFailure, runMigration } from './run-migration.js';
import { schoolSettings } from './settings.js';

/** Any number will do, as long as every portal takes the same one. */
const MIGRATION_LOCK = 7_205_614_331;

export interface MigrationReport {
  /** Migrations applied, by plugin; plugins without any are left out. */
  applied: Record<string, string[]>;
  /** Migrations of a newer version that this one does not know; they stand. */
  newer: Record<string, string[]>;
  faults: Fault[];
}

/**
 * Brings the database up to a composition, in one transaction under an advisory lock: either every plugin's migrations,
 * policies and grants stand afterwards, or nothing changed. A plugin's faults do not hide those of the next.
 *
 * @param rehearse roll back in the end whatever happened, to see what would be
 * @throws MissingRightsError where roles are missing and may not be made
 */
export async function migrate(
  home: DatabaseHome,
  plugins: readonly CheckedPlugin[],
  names: RoleNames,
  { rehearse = false, time = (_, step) => step() }: { rehearse?: boolean; time?: TimePlugin } = {},
): Promise<MigrationReport> {
  const client = await home.pool.connect();
  const report: MigrationReport = { applied: {}, newer: {}, faults: [] };
  try {
    await client.query(`select pg_advisory_lock(${MIGRATION_LOCK})`);
    // A rehearsal makes even the roles in the transaction that it rolls back.
    if (rehearse) await client.query('begin');
    await ensureRoles(
      client,
      plugins.map(({ id }) => id),
      names,
    );
    if (!rehearse) await client.query('begin');
    await bootstrap(client);
    await applyPending(client, 'kernel', kernelMigrations, report);
    await client.query('grant usage on schema kernel to public');
    const failed = new Set<string>();
    const missing = (id: string) => failed.has(id) || !plugins.some((plugin) => plugin.id === id);
    for (const plugin of plugins) {
      const requires = Object.keys(plugin.definition.requires ?? {});
      // What stands on a plugin that failed would only repeat its faults.
      const faults = requires.some(missing) ? null : await time(plugin.id, () => attempt(client, plugin, plugins, names, report));
      if (faults === null || faults.length > 0) failed.add(plugin.id);
      report.faults.push(...(faults ?? []));
    }
    await client.query(rehearse || report.faults.length > 0 ? 'rollback' : 'commit');
  } catch (error) {
    await client.query('rollback').catch(() => {});
    throw error;
  } finally {
    await client.query(`select pg_advisory_unlock(${MIGRATION_LOCK})`).catch(() => {});
    client.release();
  }
  return report;
}

async function bootstrap(client: pg.PoolClient): Promise<void> {
  await client.query('create schema if not exists kernel');
  await client.query(`create table if not exists kernel.migrations (
    plugin text not null, name text not null, checksum text not null, applied_at timestamptz not null default now(),
    primary key (plugin, name))`);
}

async function attempt(
  client: pg.PoolClient,
  plugin: CheckedPlugin,
  all: readonly CheckedPlugin[],
  names: RoleNames,
  report: MigrationReport,
): Promise<Fault[]> {
  await client.query('savepoint plugin');
  const faults = await migratePlugin(client, plugin, all, names, report);
  if (faults.length > 0) {
    // Without a transaction to go back in nothing may go on.
    await client.query('rollback to savepoint plugin').catch(() => {
      throw new CompositionError(faults);
    });
  }
  return faults;
}

async function migratePlugin(
  client: pg.PoolClient,
  plugin: CheckedPlugin,
  all: readonly CheckedPlugin[],
  names: RoleNames,
  report: MigrationReport,
): Promise<Fault[]> {
  const { id, definition } = plugin;
  const schema = schemaOf(id);
  const fault = (where: string, message: string, mend: string): Fault => ({ plugin: id, where, message, mend });
  const fingerprint = fingerprintOf(plugin, all);
  const known = await client.query<{ fingerprint: string }>('select fingerprint from kernel.plugins where id = $1', [id]);
  const applied = await appliedMigrations(client, id);
  const migrations = definition.migrations ?? [];
  const asApplied = migrations.every((migration) => applied.get(migration.name) === checksumOf(migration));
  // What a newer version made is left as that version secured it.
  if (asApplied && (applied.size > migrations.length || known.rows[0]?.fingerprint === fingerprint)) {
    noteNewer(id, migrations, applied, report);
    return [];
  }

  const owner = names.owner(id);
  await client.query(`create schema if not exists ${quote(schema)} authorization ${quote(owner)}`);
  await client.query(`set local role ${quote(owner)}`);
  try {
    await client.query([`set local search_path = ${quote(schema)}, pg_temp`, ...schoolSettings('*')].join('; '));
    await grantReading(client, plugin, all, names);
    await applyPending(client, id, migrations, report);
    const catalog = await readCatalog(client, schema);
    const holders = holdersOf(plugin, all, names);
    const faults = checkCatalog(definition, catalog, holders);
    if (faults.length > 0) return faults;
    await secure(client, plugin, names, catalog, holders);
  } catch (error) {
    if (error instanceof MigrationFailure) return [fault(error.where, error.message, error.mend)];
    const { message } = error as Error;
    return [fault('migrations', message, 'Mend the migration; nothing of it was stored.')];
  } finally {
    await client.query('set local role none; set local search_path = kernel, pg_temp').catch(() => {});
  }
  await client.query(
    `insert into kernel.plugins (id, version, fingerprint) values ($1, $2, $3)
     on conflict (id) do update set version = excluded.version, fingerprint = excluded.fingerprint, migrated_at = now()`,
    [id, definition.version, fingerprint],
  );
  return [];
}

/** Policies, and the rights of the runtime role. */
async function secure(
  client: pg.PoolClient,
  { id, definition }: CheckedPlugin,
  names: RoleNames,
  catalog: Catalog,
  holders: RightsHolders,
): Promise<void> {
  const { relations } = catalog;
  const schema = schemaOf(id);
  const runtime = quote(names.runtime(id));
  const statements = [`grant usage on schema ${quote(schema)} to ${runtime}`];
  for (const [name, table] of Object.entries(definition.tables ?? {})) {
    const column = schoolColumn(table);
    const type = column === null ? null : (relations.get(name)?.columns.get(column) ?? null);
    statements.push(...securityStatements(schema, name, table.school, type));
    statements.push(`grant select, insert, update, delete on ${quote(schema)}.${quote(name)} to ${runtime}`);
  }
  statements.push(`grant usage, select on all sequences in schema ${quote(schema)} to ${runtime}`);
  statements.push(`grant execute on all functions in schema ${quote(schema)} to ${runtime}`);
  for (const { name, kind } of relations.values()) {
    if (kind === 'v') statements.push(`grant select on ${quote(schema)}.${quote(name)} to ${runtime}`);
  }
  for (const { relation, grantee } of outdatedGrants(catalog, holders)) {
    statements.push(`revoke all on ${quote(schema)}.${quote(relation)} from ${quote(grantee)}`);
  }
  await client.query(statements.join(';\n'));
}

function holdersOf({ id }: CheckedPlugin, all: readonly CheckedPlugin[], names: RoleNames): RightsHolders {
  const rolesOf = (plugin: string) => [names.runtime(plugin), names.owner(plugin)];
  const readers = all.filter(({ definition }) => definition.requires?.[id] !== undefined).flatMap((other) => rolesOf(other.id));
  return { own: rolesOf(id), readers, isPlugin: (role) => names.includes(role) };
}

/** Lets a plugin read the exported views of those it requires; done by their owners. */
async function grantReading(
  client: pg.PoolClient,
  plugin: CheckedPlugin,
  all: readonly CheckedPlugin[],
  names: RoleNames,
): Promise<void> {
  for (const id of Object.keys(plugin.definition.requires ?? {})) {
    const views = all.find((other) => other.id === id)?.definition.exports?.views ?? [];
    if (views.length === 0) continue;
    const readers = `${quote(names.runtime(plugin.id))}, ${quote(names.owner(plugin.id))}`;
    const list = views.map((view) => `${quote(schemaOf(id))}.${quote(view)}`).join(', ');
    await client.query(
      [
        `set local role ${quote(names.owner(id))}`,
        `grant usage on schema ${quote(schemaOf(id))} to ${readers}`,
        `grant select on ${list} to ${readers}`,
        `set local role ${quote(names.owner(plugin.id))}`,
      ].join('; '),
    );
  }
}

async function appliedMigrations(client: pg.PoolClient, id: string): Promise<Map<string, string>> {
  const { rows } = await client.query<{ name: string; checksum: string }>(
    'select name, checksum from kernel.migrations where plugin = $1 order by name',
    [id],
  );
  return new Map(rows.map(({ name, checksum }) => [name, checksum]));
}

async function applyPending(
  client: pg.PoolClient,
  id: string,
  migrations: readonly Migration[],
  report: MigrationReport,
): Promise<void> {
  const role = (await client.query<{ role: string }>('select current_user as role')).rows[0]?.role ?? '';
  const asKernel = async <T>(fn: () => Promise<T>): Promise<T> => {
    if (id !== 'kernel') await client.query('set local role none');
    const value = await fn();
    if (id !== 'kernel') await client.query(`set local role ${quote(role)}`);
    return value;
  };
  const applied = await asKernel(() => appliedMigrations(client, id));
  noteNewer(id, migrations, applied, report);
  for (const migration of migrations) {
    const checksum = checksumOf(migration);
    const before = applied.get(migration.name);
    if (before !== undefined) {
      if (before === checksum) continue;
      throw new MigrationFailure(
        `migrations.${migration.name}`,
        'It was changed after it had been applied here.',
        'Put it back as it was and add a new migration for the change.',
      );
    }
    await runMigration(client, migration);
    await asKernel(() =>
      client.query('insert into kernel.migrations (plugin, name, checksum) values ($1, $2, $3)', [id, migration.name, checksum]),
    );
    report.applied[id] = [...(report.applied[id] ?? []), migration.name];
  }
}

function noteNewer(id: string, migrations: readonly Migration[], applied: Map<string, string>, report: MigrationReport): void {
  const unknown = [...applied.keys()].filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0) report.newer[id] = unknown;
}

/** Code migrations have no stable text, so they are held by name only. */
const checksumOf = ({ up }: Migration): string => (typeof up === 'string' ? sha256(up.replace(/\s+/g, ' ').trim()) : 'code');

const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Changes when policies or grants may have to. */
function fingerprintOf({ id, definition }: CheckedPlugin, all: readonly CheckedPlugin[]): string {
  const { version, tables, exports, requires, migrations } = definition;
  // A required plugin that makes its views anew takes their grants away.
  const views = Object.keys(requires ?? {}).map((required) => {
    const other = all.find((plugin) => plugin.id === required)?.definition;
    return [required, other?.exports?.views, other?.migrations?.map(({ name }) => name)];
  });
  const readers = all.filter((plugin) => plugin.definition.requires?.[id] !== undefined).map((plugin) => plugin.id);
  return sha256(
    JSON.stringify([SECURITY_EDITION, version, tables, exports, views, readers, migrations?.map(({ name }) => name)]),
  );
}

/** Raised when the statements of {@link securityStatements} change, so that every plugin gets the new ones. */
const SECURITY_EDITION = 2;
