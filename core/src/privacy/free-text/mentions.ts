import type { Unit } from '../../context/unit.js';
import type { Mention, MentionPage } from '../../contract/privacy.js';
import { quote } from '../../database/names.js';
import { identifyingColumn } from '../../database/rights/check-people.js';
import { tenantColumns } from '../../foundation/table-rules.js';
import type { PrivatePlugin, PrivateTable } from '../person-table.js';
import { foldedName, mentionsIn, type SoughtName, withoutMentions } from './names.js';

/** Most mentions that are looked for in a table. */
const mostOfTable = 500;

interface TextTable {
  plugin: PrivatePlugin;
  table: string;
  keys: string[];
  columns: string[];
}

const folded = (column: string): string =>
  `regexp_replace(normalize(lower(${quote(column)}), NFD), '[\\u0300-\\u036f]', '', 'g')`;

/**
 * Tables of plugins with columns in which people write: of type text, apart from keys, tenants, ids of people, columns that identify a
 * person by their name, and those that a check constraint limits. Of files it is their name.
 */
export function textTables(plugins: readonly PrivatePlugin[]): TextTable[] {
  return plugins.flatMap((plugin) => {
    const kinds = Object.keys(plugin.plugin.definition.files ?? {});
    return plugin.tables.flatMap((table): TextTable[] => {
      const keys = [...table.columns].filter(([, { primary }]) => primary).map(([name]) => name);
      const columns = kinds.includes(table.name) ? ['name'] : freeColumns(table);
      return keys.length === 0 || columns.length === 0 ? [] : [{ plugin, table: table.name, keys, columns }];
    });
  });
}

function freeColumns({ columns, declaration }: PrivateTable): string[] {
  const others = new Set([...tenantColumns(declaration), ...Object.keys(declaration.people ?? {})]);
  return [...columns].flatMap(([name, { type, generated, checked, primary }]) =>
    type === 'text' && !generated && !checked && !primary && !others.has(name) && !identifyingColumn.test(name) ? [name] : [],
  );
}

/** Mentions in one of the tables, and the number of the next table; null after the last one. */
export async function findMentions(
  unit: Unit,
  plugins: readonly PrivatePlugin[],
  name: SoughtName,
  from: number,
): Promise<MentionPage> {
  const tables = textTables(plugins);
  const searched = tables[from];
  if (searched === undefined) return { mentions: [], next: null, more: false };
  const { plugin, table, keys, columns } = searched;
  const family = foldedName(name.family);
  const key = keys.map((each) => `'${each}', ${quote(each)}::text`).join(', ');
  const { rows } = await unit.query<{ key: Record<string, string> } & Record<string, unknown>>(plugin.identity, {
    text: `select json_build_object(${key}) as key, json_build_object(${columns.map((each) => `'${each}', ${quote(each)}`).join(', ')}) as texts
      from ${quote(table)} where ${columns.map((each) => `position($1 in ${folded(each)}) > 0`).join(' or ')} limit ${mostOfTable + 1}`,
    values: [family],
  });
  const mentions = rows
    .slice(0, mostOfTable)
    .flatMap((row) =>
      Object.entries(row['texts'] as Record<string, string | null>).flatMap(([column, text]): Mention[] =>
        text !== null && mentionsIn(text, name).length > 0 ? [{ plugin: plugin.plugin.id, table, column, key: row.key }] : [],
      ),
    );
  return { mentions, next: from + 1 < tables.length ? from + 1 : null, more: rows.length > mostOfTable };
}

/** The text of a mention as it is now; null if it is gone. */
export async function readMention(unit: Unit, plugins: readonly PrivatePlugin[], mention: Mention): Promise<string | null> {
  const found = placeOf(plugins, mention);
  if (found === null) return null;
  const { rows } = await unit.query<{ text: string | null }>(found.plugin.identity, {
    text: `select ${quote(mention.column)} as text from ${quote(mention.table)} where ${found.where}`,
    values: found.values,
  });
  return rows[0]?.text ?? null;
}

/** Replaces the name in the text as it is now; returns whether there was something to replace. */
export async function replaceMention(
  unit: Unit,
  plugins: readonly PrivatePlugin[],
  mention: Mention,
  name: SoughtName,
  by: string,
): Promise<boolean> {
  const text = await readMention(unit, plugins, mention);
  const found = placeOf(plugins, mention);
  if (text === null || found === null || mentionsIn(text, name).length === 0) return false;
  const at = found.values.length;
  const { rowCount } = await unit.query(found.plugin.identity, {
    text: `update ${quote(mention.table)} set ${quote(mention.column)} = $${at + 1} where ${found.where} and ${quote(mention.column)} = $${at + 2}`,
    values: [...found.values, withoutMentions(text, name, by), text],
  });
  return rowCount === 1;
}

/** Null if it is not a column in which people write. */
function placeOf(plugins: readonly PrivatePlugin[], { plugin, table, column, key }: Mention) {
  const place = textTables(plugins).find((each) => each.plugin.plugin.id === plugin && each.table === table);
  if (place === undefined || !place.columns.includes(column)) return null;
  const where = place.keys.map((each, index) => `${quote(each)}::text = $${index + 1}`).join(' and ');
  return { plugin: place.plugin, where, values: place.keys.map((each) => key[each] ?? '') };
}
