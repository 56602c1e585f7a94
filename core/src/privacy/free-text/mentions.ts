import type { Unit } from '../../context/unit.js';
import type { Mention, MentionPage } from '../../contract/privacy.js';
import { quote } from '../../database/names.js';
import { identifyingColumn } from '../../database/rights/check-people.js';
import { tenantColumns } from '../../foundation/table-rules.js';
import type { PrivatePlugin, PrivateTable } from '../person-table.js';
import { foldedName, mentionsIn, type SoughtName, withoutMentions } from './names.js';

/** Most mentions that are looked for in a table. */
const mostOfTable = 500;
/** Most rows that are read at once, and most pages of them in a table. */
const rowsOfPage = 500;
const mostPages = 40;

/** Types of columns in which people write. In JSON it is each text, at any depth; names of members are not searched. */
const textTypes = ['text', 'text[]', 'jsonb', 'json'];

interface TextColumn {
  name: string;
  /** One of {@link textTypes}. */
  type: string;
}

interface TextTable {
  plugin: PrivatePlugin;
  table: string;
  keys: string[];
  columns: TextColumn[];
}

/** SQL: the text of a column in lower case, without accents, each gap between words as one space. JSON writes some of them as `\\n`. */
const folded = ({ name }: TextColumn): string => {
  const bare = `regexp_replace(normalize(lower(${quote(name)}::text), NFD), '[\\u0300-\\u036f]', '', 'g')`;
  return `regexp_replace(${bare}, '(\\s|_|-|\\\\[nrt])+', ' ', 'g')`;
};

/**
 * Tables of plugins with columns in which people write: text, arrays of it and JSON, apart from keys, tenants, ids of people, columns that
 * identify a person by their name, and those that a check constraint limits. Of files it is their name.
 */
export function textTables(plugins: readonly PrivatePlugin[]): TextTable[] {
  return plugins.flatMap((plugin) => {
    const kinds = Object.keys(plugin.plugin.definition.files ?? {});
    return plugin.tables.flatMap((table): TextTable[] => {
      const keys = [...table.columns].filter(([, { primary }]) => primary).map(([name]) => name);
      const columns = kinds.includes(table.name) ? [{ name: 'name', type: 'text' }] : freeColumns(table);
      return keys.length === 0 || columns.length === 0 ? [] : [{ plugin, table: table.name, keys, columns }];
    });
  });
}

function freeColumns({ columns, declaration }: PrivateTable): TextColumn[] {
  const others = new Set([...tenantColumns(declaration), ...Object.keys(declaration.people ?? {})]);
  return [...columns].flatMap(([name, { type, generated, checked, primary }]) =>
    textTypes.includes(type) && !generated && !checked && !primary && !others.has(name) && !identifyingColumn.test(name)
      ? [{ name, type }]
      : [],
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
  const mentions: Mention[] = [];
  let after: string[] | null = null;
  let pages = 0;
  // Most rows of a page may have the family name within another word.
  do {
    const rows: FoundRow[] = await rowsWith(unit, searched, foldedName(name.family).replace(/[_-]+/g, ' '), after);
    for (const { key, texts } of rows) {
      for (const [column, value] of Object.entries(texts)) {
        if (!textsIn(value).some((text) => mentionsIn(text, name).length > 0)) continue;
        mentions.push({ plugin: searched.plugin.plugin.id, table: searched.table, column, key });
      }
    }
    const last = rows.length < rowsOfPage ? undefined : rows.at(-1)?.key;
    after = last === undefined ? null : searched.keys.map((each) => last[each] ?? '');
  } while (after !== null && mentions.length <= mostOfTable && ++pages < mostPages);
  return {
    mentions: mentions.slice(0, mostOfTable),
    next: from + 1 < tables.length ? from + 1 : null,
    more: after !== null || mentions.length > mostOfTable,
  };
}

interface FoundRow {
  key: Record<string, string>;
  texts: Record<string, Json>;
}

/** The next rows in which the family name occurs, also within another word. */
async function rowsWith(
  unit: Unit,
  { plugin, table, keys, columns }: TextTable,
  family: string,
  after: readonly string[] | null,
): Promise<FoundRow[]> {
  const texts = keys.map((each) => `${quote(each)}::text`);
  const key = keys.map((each, at) => `'${each}', ${texts[at]}`).join(', ');
  const values = columns.map(({ name }) => `'${name}', ${quote(name)}`).join(', ');
  const later = after === null ? '' : `and (${texts.join(', ')}) > (${after.map((_, at) => `$${at + 2}`).join(', ')})`;
  const { rows } = await unit.query<FoundRow & Record<string, unknown>>(plugin.identity, {
    text: `select json_build_object(${key}) as key, json_build_object(${values}) as texts from ${quote(table)}
      where (${columns.map((each) => `position($1 in ${folded(each)}) > 0`).join(' or ')}) ${later}
      order by ${texts.join(', ')} limit ${rowsOfPage}`,
    values: [family, ...(after ?? [])],
  });
  return rows;
}

/** The text of a mention as it is now, each part of an array or of JSON on a line; null if it is gone. */
export async function readMention(unit: Unit, plugins: readonly PrivatePlugin[], mention: Mention): Promise<string | null> {
  const found = placeOf(plugins, mention);
  const value = found === null ? null : ((await readValue(unit, found, mention))?.value ?? null);
  return value === null ? null : textsIn(value).join('\n');
}

type Place = NonNullable<ReturnType<typeof placeOf>>;

/** The value, and how the database writes it; null if the row is gone. */
async function readValue(unit: Unit, { plugin, where, values }: Place, { table, column }: Mention) {
  const { rows } = await unit.query<{ value: Json; written: string | null }>(plugin.identity, {
    text: `select to_json(${quote(column)}) as value, ${quote(column)}::text as written from ${quote(table)} where ${where}`,
    values,
  });
  return rows[0] ?? null;
}

/** Replaces the name in the text as it is now; returns whether there was something to replace. */
export async function replaceMention(
  unit: Unit,
  plugins: readonly PrivatePlugin[],
  mention: Mention,
  name: SoughtName,
  by: string,
): Promise<boolean> {
  const found = placeOf(plugins, mention);
  const now = found === null ? null : await readValue(unit, found, mention);
  if (found === null || now === null || !textsIn(now.value).some((text) => mentionsIn(text, name).length > 0)) return false;
  const column = quote(mention.column);
  const at = found.values.length;
  const { rowCount } = await unit.query(found.plugin.identity, {
    text: `update ${quote(mention.table)} set ${column} = ${fromJson(found.type, `$${at + 1}::jsonb`)}
      where ${found.where} and ${column}::text = $${at + 2}`,
    values: [...found.values, JSON.stringify(mapTexts(now.value, (text) => withoutMentions(text, name, by))), now.written],
  });
  return rowCount === 1;
}

/** SQL: a JSON value as one of {@link textTypes}. */
function fromJson(type: string, json: string): string {
  if (type === 'text') return `${json} #>> '{}'`;
  return type === 'text[]' ? `array(select jsonb_array_elements_text(${json}))` : `(${json})::${type}`;
}

type Json = string | number | boolean | null | Json[] | { [member: string]: Json };

function textsIn(value: Json): string[] {
  if (typeof value === 'string') return [value];
  return value !== null && typeof value === 'object' ? Object.values(value).flatMap(textsIn) : [];
}

function mapTexts(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (Array.isArray(value)) return value.map((each) => mapTexts(each, change));
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([member, each]) => [member, mapTexts(each, change)]));
}

/** Null if it is not a column in which people write. */
function placeOf(plugins: readonly PrivatePlugin[], { plugin, table, column, key }: Mention) {
  const place = textTables(plugins).find((each) => each.plugin.plugin.id === plugin && each.table === table);
  const type = place?.columns.find(({ name }) => name === column)?.type;
  if (place === undefined || type === undefined) return null;
  const where = place.keys.map((each, index) => `${quote(each)}::text = $${index + 1}`).join(' and ');
  return { plugin: place.plugin, type, where, values: place.keys.map((each) => key[each] ?? '') };
}
