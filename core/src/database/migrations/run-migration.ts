import type { Knex } from 'knex';
import type pg from 'pg';
import type { Migration } from '../../contract/table.js';
import { judge } from '../sql/judge.js';
import { denied, type SchemaAccess } from '../sql/names.js';
import { SqlSyntaxError } from '../sql/parser.js';
import { migrationRules, type Refusal } from '../sql/rules.js';
import { createKnexWithin } from '../unit/plugin-knex.js';
import { isContended } from './retry-transaction.js';

/** SQLSTATE of PostgreSQL, appendix A. */
const DEPENDENT_OBJECTS_EXIST = '2BP01';

/** A migration cannot be applied; says where, why, and how to fix it. */
export class MigrationFailure extends Error {
  constructor(
    readonly where: string,
    message: string,
    readonly remedy: string,
  ) {
    super(message);
  }
}

/**
 * Runs a migration in the caller's transaction and role.
 *
 * @param access what the plugin's SQL may use; null for the kernel's own migrations, which are not checked
 * @throws MigrationFailure, also if the migration changes the role or the transaction
 */
export async function runMigration(client: pg.PoolClient, { name, up }: Migration, access: SchemaAccess | null): Promise<void> {
  const where = `migrations.${name}`;
  const before = await roleAndTransaction(client);
  try {
    if (typeof up === 'string') await client.query(judged(where, up, access));
    else await up(migrationKnex(client, where, access));
  } catch (error) {
    if (error instanceof MigrationFailure || isContended(error)) throw error;
    const { message, position, code } = error as Error & { position?: string; code?: string };
    const line = typeof up === 'string' && position ? up.slice(0, Number(position)).split('\n').length : null;
    throw new MigrationFailure(
      where,
      `It failed${line === null ? '' : ` at line ${line}`}: ${message}`,
      code === DEPENDENT_OBJECTS_EXIST
        ? 'Add cascade if only the policies of the kernel depend on it, which it makes again. Nothing was stored.'
        : 'Fix the migration; nothing was stored.',
    );
  }
  const after = await roleAndTransaction(client);
  if (after !== before) {
    throw new MigrationFailure(
      where,
      `It left the transaction or the role in which the kernel runs it (${before} became ${after}).`,
      'Remove what changes the role or ends the transaction.',
    );
  }
}

/** Returns the text if everything in it is allowed in migrations. */
function judged(where: string, sql: string, access: SchemaAccess | null): string {
  if (access === null) return sql;
  let refusal: Refusal | null;
  try {
    refusal = judge(sql, access, migrationRules);
  } catch (error) {
    if (!(error instanceof SqlSyntaxError)) throw error;
    throw new MigrationFailure(
      where,
      `It failed at line ${lineAt(sql, error.at)}: ${error.message}`,
      'Fix the migration; nothing was stored.',
    );
  }
  if (refusal === null) return sql;
  const { kind, found, at, remedy } = refusal;
  const line = `line ${lineAt(sql, at ?? 0)}`;
  throw new MigrationFailure(
    where,
    kind === 'name'
      ? `${denied(found)} (${line}).`
      : `"${found}" would leave the transaction or the role in which the kernel runs it, or the plugin's schema (${line}).`,
    `Remove it. The kernel opens and commits the transaction. ${remedy}`,
  );
}

const lineAt = (sql: string, at: number): number => sql.slice(0, at).split('\n').length;

/** Current role and transaction as comparable text. */
async function roleAndTransaction(client: pg.PoolClient): Promise<string> {
  const { rows } = await client.query<{ state: string }>(
    `select current_user || ' in transaction ' || pg_current_xact_id()::text as state`,
  );
  return rows[0]?.state ?? '';
}

/** A knex on the migration's connection; its transactions are savepoints. */
const migrationKnex = (client: pg.PoolClient, where: string, access: SchemaAccess | null): Knex =>
  createKnexWithin(() => ({
    __knexUid: 'migration',
    query(statement, done) {
      try {
        judged(where, statement.text, access);
      } catch (error) {
        done(error);
        return;
      }
      client.query(statement).then(
        (result) => done(null, result),
        (error: unknown) => done(error),
      );
    },
  }));
