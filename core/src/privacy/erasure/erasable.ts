import type { Unit } from '../../context/unit.js';
import { literal, quote } from '../../database/names.js';
import type { PrivatePlugin } from '../person-table.js';
import { countRows, eraseStatements, names } from './erasure-statements.js';
import { kernelErasure } from './erasures.js';
import type { RetentionLine } from './retention.js';

/**
 * Counts the rows that erasing a person would delete or anonymise; tables without such rows are left out. A row that names the person twice
 * counts twice.
 */
export async function findErasable(unit: Unit, plugins: readonly PrivatePlugin[], personId: string): Promise<RetentionLine[]> {
  const lines: RetentionLine[] = [];
  const add = (plugin: string, table: string, action: RetentionLine['action'], rows: number) => {
    if (rows > 0) lines.push({ plugin, table, action, rows });
  };
  for (const { table, condition, set } of kernelErasure) {
    const { rows } = await unit.kernel<{ rows: number }>(
      `select count(*)::int as rows from kernel.${table} t where ${condition}`,
      [personId],
    );
    add('kernel', table, set === undefined ? 'deleted' : 'anonymised', rows[0]?.rows ?? 0);
  }
  for (const { plugin, identity, tables } of plugins) {
    for (const table of tables) {
      for (const { action, condition } of eraseStatements(table)) {
        const { rows } = await unit.query<{ rows: number }>(identity, { text: countRows(table, condition), values: [personId] });
        add(plugin.id, table.name, action, rows[0]?.rows ?? 0);
      }
    }
  }
  return lines;
}

/** The tables of plugins with rows that name the person; one query for each plugin. */
export async function findHeld(
  unit: Unit,
  plugins: readonly PrivatePlugin[],
  personId: string,
): Promise<{ plugin: string; table: string }[]> {
  const held: { plugin: string; table: string }[] = [];
  for (const { plugin, identity, tables } of plugins) {
    const asked = tables.flatMap(({ name, people }) =>
      people.length === 0
        ? []
        : [`select ${literal(name)} as name where exists (select from ${quote(name)} where ${people.map(names).join(' or ')})`],
    );
    if (asked.length === 0) continue;
    const statement = { text: asked.join(' union all '), values: [personId] };
    const { rows } = await unit.query<{ name: string }>(identity, statement);
    held.push(...rows.map(({ name }) => ({ plugin: plugin.id, table: name })));
  }
  return held;
}
