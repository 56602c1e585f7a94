import type { Knex } from 'knex';
import type pg from 'pg';
import type { Migration } from '../contract/table.js';
import { escapeIn } from './migration-guard.js';
import { createKnexWithin } from './plugin-knex.js';

/** A migration that cannot be applied: where, what and how to mend it. */
export class MigrationFailure extends Error {
  constructor(
    readonly where: string,
    message: string,
    readonly mend: string,
  ) {
    super(message);
  }
}

/**
 * Runs a migration on a connection whose transaction and role are the caller's.
 *
 * @throws MigrationFailure also when it would leave the one or the other
 */
export async function runMigration(client: pg.PoolClient, { name, up }: Migration): Promise<void> {
  const where = `migrations.${name}`;
  const before = await standing(client);
  try {
    if (typeof up === 'string') await client.query(guarded(where, up));
    else await up(migrationKnex(client, where));
  } catch (error) {
    if (error instanceof MigrationFailure) throw error;
    const { message, position } = error as Error & { position?: string };
    const line = typeof up === 'string' && position ? up.slice(0, Number(position)).split('\n').length : null;
    throw new MigrationFailure(
      where,
      `It failed${line === null ? '' : ` at line ${line}`}: ${message}`,
      'Mend the migration; nothing of it was stored.',
    );
  }
  const after = await standing(client);
  if (after !== before) {
    throw new MigrationFailure(
      where,
      `It left the transaction or the role that the kernel runs it in (${before} became ${after}).`,
      'Take out of it what changes the role or ends the transaction.',
    );
  }
}

function guarded(where: string, sql: string): string {
  const found = escapeIn(sql);
  if (found === null) return sql;
  throw new MigrationFailure(
    where,
    `"${found}" would leave the transaction or the role that the kernel runs it in, or cannot be judged.`,
    'Take it out. The kernel opens and commits the transaction; in place of a dynamic "execute" write the statement itself.',
  );
}

/** Role and transaction, in a form to compare. */
async function standing(client: pg.PoolClient): Promise<string> {
  const { rows } = await client.query<{ standing: string }>(
    `select current_user || ' in transaction ' || pg_current_xact_id()::text as standing`,
  );
  return rows[0]?.standing ?? '';
}

/** A knex on the migration's own connection; its transactions are savepoints. */
const migrationKnex = (client: pg.PoolClient, where: string): Knex =>
  createKnexWithin(() => ({
    __knexUid: 'migration',
    query(statement, done) {
      try {
        guarded(where, statement.text);
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
