import type { Migration } from '../contract/table.js';
import type { DatabaseHome } from '../database/homes/home.js';
import { type MigrationRisk, migrationRisks } from '../database/sql/migration-risks.js';

/** Tables and views that exist before the migrations, as `schema.table`. */
export async function standingTables({ pool }: DatabaseHome): Promise<ReadonlySet<string>> {
  const { rows } = await pool.query<{ name: string }>(
    `select n.nspname || '.' || c.relname as name from pg_class c join pg_namespace n on n.oid = c.relnamespace where c.relkind in ('r', 'p', 'v', 'm')`,
  );
  return new Set(rows.map(({ name }) => name));
}

/**
 * What pending migrations do to tables that are there: hold others up, or leave what the version before cannot work with. Migrations in code
 * are not judged.
 *
 * @param names of the pending migrations
 */
export const pendingRisks = (
  migrations: readonly Migration[],
  names: readonly string[],
  schema: string,
  standing: ReadonlySet<string>,
): (MigrationRisk & { migration: string })[] =>
  migrations
    .filter(({ name }) => names.includes(name))
    .flatMap(({ name, up }) => (typeof up === 'string' ? migrationRisks(up).map((risk) => ({ migration: name, ...risk })) : []))
    .filter(({ table }) => standing.has(`${schema}.${table}`));
