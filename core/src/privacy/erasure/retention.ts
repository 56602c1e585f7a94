import type { SqlIdentity, Unit } from '../../context/unit.js';
import type { ErasedRows } from '../../contract/privacy.js';
import type { Logger } from '../../contract/services.js';
import { describeError } from '../../foundation/log.js';
import type { WorkRunner } from '../../unit-of-work/work-runner.js';
import type { PrivatePlugin, PrivateTable } from '../person-table.js';
import { countRows, retentionStatement } from './erasure-statements.js';
import { inBatches } from './in-batches.js';

export type RetentionLine = ErasedRows;

/** Data of restricted people are kept until the restriction ends (GDPR art. 18(2)). */
const forRetention = (identity: SqlIdentity): SqlIdentity => ({ ...identity, viewer: 'retention' });

/** Counts the rows past their retention time, by table; tables without such rows are left out. */
export async function findExpired(unit: Unit, plugins: readonly PrivatePlugin[]): Promise<RetentionLine[]> {
  const lines: RetentionLine[] = [];
  for (const { plugin, identity, tables } of plugins) {
    for (const table of tables) {
      const statement = retentionStatement(table);
      if (statement === null) continue;
      const { rows } = await unit.query<{ rows: number }>(forRetention(identity), {
        text: countRows(table, statement.condition),
      });
      const count = rows[0]?.rows ?? 0;
      if (count > 0) lines.push({ plugin: plugin.id, table: table.name, action: statement.action, rows: count });
    }
  }
  return lines;
}

/** Deletes or anonymises expired rows in batches; rows that refer to others first. */
export async function endExpired(runner: WorkRunner, plugins: readonly PrivatePlugin[], log: Logger): Promise<RetentionLine[]> {
  const lines: RetentionLine[] = [];
  for (const plugin of plugins.toReversed()) {
    for (const table of plugin.tables) {
      try {
        const line = await endExpiredIn(runner, plugin, table);
        if (line !== null) lines.push(line);
      } catch (error) {
        // A failure in one table does not stop the others.
        log.warn({ plugin: table.plugin, table: table.name, err: describeError(error) }, 'retention');
      }
    }
  }
  return lines;
}

async function endExpiredIn(
  runner: WorkRunner,
  { plugin, identity }: PrivatePlugin,
  table: PrivateTable,
): Promise<RetentionLine | null> {
  const statement = retentionStatement(table);
  if (statement === null) return null;
  const { action, sql } = statement;
  const all = await inBatches(() =>
    runner.run({}, async ({ unit }) => (await unit.query(forRetention(identity), { text: sql })).rowCount ?? 0),
  );
  return all === 0 ? null : { plugin: plugin.id, table: table.name, action, rows: all };
}
