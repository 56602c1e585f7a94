import type pg from 'pg';
import type { Migration } from '../../contract/table.js';
import type { Fault } from '../../foundation/diagnosis.js';
import { quote } from '../names.js';
import type { SchemaAccess } from '../sql/names.js';
import { checksumOf } from './fingerprint.js';
import type { AppliedMigrations } from './history.js';
import { MigrationFailure, runMigration } from './run-migration.js';

export interface MigrationReport {
  /** Applied migrations by plugin; plugins without any are left out. */
  applied: Record<string, string[]>;
  /** Migrations of a newer version, unknown to this one; they are kept. */
  newer: Record<string, string[]>;
  faults: Fault[];
  /** Plugins for which nothing was applied: those with faults, and those that require them. */
  failed: ReadonlySet<string>;
}

/** @param owner the plugin's role and access; omitted for the kernel itself */
export async function applyPending(
  client: pg.PoolClient,
  id: string,
  migrations: readonly Migration[],
  applied: AppliedMigrations,
  report: Pick<MigrationReport, 'applied' | 'newer'>,
  owner?: { role: string; access: SchemaAccess },
): Promise<void> {
  noteNewer(id, migrations, applied, report);
  for (const migration of migrations) {
    const checksum = checksumOf(migration);
    const before = applied.get(migration.name);
    if (before !== undefined) {
      if (before === checksum) continue;
      throw new MigrationFailure(
        `migrations.${migration.name}`,
        'It was changed after it had been applied to this database.',
        'Restore it, and add a new migration for the change.',
      );
    }
    await runMigration(client, migration, owner?.access ?? null);
    if (owner !== undefined) await client.query('set local role none');
    await client.query('insert into kernel.migrations (plugin, name, checksum) values ($1, $2, $3)', [
      id,
      migration.name,
      checksum,
    ]);
    if (owner !== undefined) await client.query(`set local role ${quote(owner.role)}`);
    report.applied[id] = [...(report.applied[id] ?? []), migration.name];
  }
}

export function noteNewer(
  id: string,
  migrations: readonly Migration[],
  applied: AppliedMigrations,
  report: Pick<MigrationReport, 'newer'>,
): void {
  const unknown = [...applied.keys()].filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0) report.newer[id] = unknown;
}
