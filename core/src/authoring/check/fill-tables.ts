import { randomBytes, randomInt, randomUUID } from 'node:crypto';
import type pg from 'pg';
import type { PluginDefinition } from '../../contract/plugin.js';
import { quote, type RoleNames, schemaOf } from '../../database/names.js';
import { setIdentity } from '../../database/unit/sql-identity.js';
import { tenantColumns } from '../../foundation/table-rules.js';
import { type Column, type Reference, readColumns, readReferences } from './columns.js';

/** Generated rows of one tenant of each kind, which the probes look for. */
export interface Filled {
  /** Texts and ids that occur only in rows of those tenants. */
  secrets: Set<string>;
  /** Values of rows without a tenant. */
  shared: Set<string>;
  /** Ids of rows, by plugin. */
  ids: Map<string, string[]>;
  /** Ids that occur together in one row, by plugin: paths of nested resources need both. */
  pairs: Map<string, [string, string][]>;
  /** Tables that accepted no row, each with the database's message. */
  unfilled: { plugin: string; table: string; why: string }[];
}

/** A tenant of the check; without a kind if no plugin declares any. */
export interface ScratchTenant {
  id: string;
  kind: string | null;
}

/** `provider_id` names a `training-provider`; a column that names no kind gets one of the tenants in rotation. */
function tenantFor(column: string, at: number, tenants: readonly ScratchTenant[]): string | undefined {
  const words = ({ kind }: ScratchTenant) => kind?.split('-') ?? [];
  const named =
    tenants.find((tenant) => tenant.kind !== null && column.includes(tenant.kind.replaceAll('-', '_'))) ??
    tenants.find((tenant) => words(tenant).some((word) => column.split('_').includes(word)));
  return (named ?? tenants[at % tenants.length])?.id;
}

type Row = Record<string, unknown>;

/**
 * Three rows for each table: only required columns, about the person; all columns, about the person; only required columns, about another
 * person. Optional columns often mark a row as ended.
 */
const kinds = [
  { full: false, known: true },
  { full: true, known: true },
  { full: false, known: false },
];
const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

/**
 * Fills the tables of plugins, referenced tables first. Most rows are about `person`.
 *
 * @param tenants one of each kind
 * @param client in a transaction
 */
export async function fillTables(
  client: pg.ClientBase,
  plugins: readonly PluginDefinition[],
  names: RoleNames,
  tenants: readonly ScratchTenant[],
  person: string,
  /** Stores the content of a generated file. */
  storeFile: (of: { plugin: string; kind: string; id: string }, content: string) => Promise<void>,
): Promise<Filled> {
  const filled: Filled = { secrets: new Set(), shared: new Set(), ids: new Map(), pairs: new Map(), unfilled: [] };
  const rows = new Map<string, Row[]>();
  for (const plugin of plugins) {
    const schema = schemaOf(plugin.id);
    const as = (role: string) => client.query(setIdentity({ role, schema, tenants: '*', viewer: 'privacy' }));
    await as(names.runtime(plugin.id));
    const references = await readReferences(client, schema);
    const columns = await readColumns(client, schema);
    for (const table of inOrder(Object.keys(plugin.tables ?? {}), references)) {
      const declared = plugin.tables?.[table];
      if (declared === undefined) continue;
      const tenantsOf = tenantColumns(declared);
      const people = Object.keys(declared.people ?? {});
      const made: Row[] = [];
      rows.set(`${schema}.${table}`, made);
      const wish = {
        schema,
        table,
        columns: columns.get(table) ?? [],
        references: references.filter((each) => each.table === table),
        rows,
      };
      let why: string | null = null;
      const ofFiles = plugin.files?.[table] !== undefined;
      // The kernel creates rows of files, under the owner's role.
      if (ofFiles) await as(names.owner(plugin.id));
      for (const [index, { full, known }] of kinds.entries()) {
        const given: Row = Object.fromEntries(people.map((name) => [name, known ? person : randomUUID()]));
        for (const [at, column] of tenantsOf.entries()) given[column] = tenantFor(column, at, tenants);
        if (ofFiles) Object.assign(given, madeUpFile());
        const row = await insert(client, { ...wish, given, index, full });
        if (typeof row === 'string') {
          why ??= row;
          continue;
        }
        made.push(row);
        if (ofFiles) await storeFile({ plugin: plugin.id, kind: table, id: String(row['id']) }, String(row['name']));
        note(plugin.id, row, tenantsOf.length > 0, [...tenants.map(({ id }) => id), person], filled);
      }
      if (ofFiles) await as(names.runtime(plugin.id));
      if (made.length === 0) filled.unfilled.push({ plugin: plugin.id, table, why: why ?? '' });
    }
  }
  return filled;
}

/** A text file whose content is its name, so that a probe finds it. */
function madeUpFile(): Row {
  const name = word();
  return { name, type: 'text/plain', bytes: Buffer.byteLength(name), sha256: word(), thumbnail: null, sealed: false };
}

function note(plugin: string, row: Row, ofTenant: boolean, known: string[], filled: Filled): void {
  const values = Object.values(row).filter((value): value is string => typeof value === 'string');
  const ids = values.filter((value) => uuid.test(value) && !known.includes(value));
  const pairs = ids.flatMap((one) => ids.filter((other) => other !== one).map((other): [string, string] => [one, other]));
  filled.ids.set(plugin, [...new Set([...(filled.ids.get(plugin) ?? []), ...ids])]);
  filled.pairs.set(plugin, [...(filled.pairs.get(plugin) ?? []), ...pairs]);
  for (const value of values) {
    if (!value.startsWith('check-') && !ids.includes(value)) continue;
    // A row of a tenant may reference a row shared by all tenants, whose values are not secret.
    if (!ofTenant) filled.shared.add(value);
    else if (!filled.shared.has(value)) filled.secrets.add(value);
  }
}

interface Wish {
  schema: string;
  table: string;
  columns: Column[];
  given: Row;
  index: number;
  full: boolean;
  references: Reference[];
  rows: ReadonlyMap<string, Row[]>;
}

const word = (): string => `check-${randomBytes(6).toString('hex')}`;

/** Tries first with only the required columns, then with all. Returns the row, or why none was accepted. */
async function insert(client: pg.ClientBase, wish: Wish): Promise<Row | string> {
  const name = `${quote(wish.schema)}.${quote(wish.table)}`;
  let why = '';
  for (const full of wish.full ? [true] : [false, true]) {
    const row = rowOf(wish, full);
    const columns = Object.keys(row);
    const places = columns.map((_, at) => `$${at + 1}`);
    await client.query('savepoint fill');
    try {
      const sql = `insert into ${name} (${columns.map(quote).join(', ')}) values (${places.join(', ')}) returning *`;
      const { rows } = await client.query<Row>(sql, Object.values(row));
      return rows[0] ?? 'no row was inserted';
    } catch (error) {
      why = (error as Error).message;
      await client.query('rollback to savepoint fill');
    }
  }
  return why;
}

/** @param full whether to fill optional columns too */
function rowOf({ columns, given, index, references, rows, schema }: Wish, full: boolean): Row {
  const row: Row = {};
  for (const column of columns) {
    if (column.automatic) continue;
    if (!full && (!column.required || column.hasDefault)) continue;
    const value = madeUp(column, rows);
    if (value !== undefined) row[column.name] = value;
  }
  for (const { columns: from, target, targetColumns } of references) {
    const targets = rows.get(`${schema}.${target}`) ?? [];
    const referred = targets[index] ?? targets[0];
    from.forEach((name, at) => {
      if (referred !== undefined) row[name] = referred[targetColumns[at] as string];
      else delete row[name];
    });
  }
  for (const [name, value] of Object.entries(given)) {
    for (const column of sourcesOf(name, columns)) row[column.name] = column.type.endsWith('[]') ? [value] : value;
  }
  return row;
}

/** The column itself; for a generated one, the columns of its type that it is made of. */
function sourcesOf(name: string, columns: readonly Column[]): Column[] {
  const wanted = columns.filter((each) => each.name === name);
  const typeOf = ({ type }: Column) => type.replace('[]', '');
  return wanted.flatMap((column) => {
    const words = column.expression?.match(/\w+/g);
    if (words == null) return [column];
    return columns.filter((each) => words.includes(each.name) && typeOf(each) === typeOf(column));
  });
}

function madeUp(column: Column, rows: ReadonlyMap<string, Row[]>): unknown {
  const { name, type, choices, pattern } = column;
  if (choices.length > 0) return choices[0];
  if (type.endsWith('[]')) return /^(text|character varying)/.test(type) ? [word()] : [];
  if (type === 'uuid') return referredByName(name, rows) ?? randomUUID();
  // Pages use it as `lang`, which must be a valid language.
  if (/^(language|lang|locale)$/.test(name) && /^(text|character varying)/.test(type)) return 'nl';
  if (/^(text|character varying|character|citext)/.test(type)) return (pattern === null ? null : textLike(pattern)) ?? word();
  if (/^(smallint|integer|bigint|numeric|real|double precision)/.test(type)) return 1;
  if (type === 'boolean') return true;
  if (/^timestamp|^date/.test(type)) return momentOf(name);
  if (type.startsWith('time')) return '10:00';
  if (/^jsonb?$/.test(type)) return '{}';
  if (type === 'bytea') return Buffer.from('check');
  return undefined;
}

/** A text that matches a simple pattern (`^[0-9]{6}$`); null if the pattern is not simple. */
function textLike(pattern: string): string | null {
  const text = pattern
    .replace(/^\^|\$$/g, '')
    .replace(/(?:\[([^\]^])[^\]]*\]|\\(d))(?:\{(\d+)(?:,\d*)?\}|([+*]))?/g, (_, first: string | undefined, digit, count) =>
      Array.from({ length: Number(count ?? 1) }, () => (digit || first === '0' ? randomInt(10) : first)).join(''),
    );
  return new RegExp(pattern).test(text) ? text : null;
}

/** Start dates are far in the past and end dates far in the future, so that the row is in effect. A month is its first day. */
function momentOf(name: string): string {
  if (/month$/.test(name)) return `${new Date().toISOString().slice(0, 7)}-01`;
  if (/start|begin|from/.test(name)) return '2020-01-01';
  if (/end|until|expire|due/.test(name)) return '2039-12-31';
  return new Date().toISOString();
}

/** Guesses that `class_id` is an id in a table `classes` of any plugin. */
function referredByName(name: string, rows: ReadonlyMap<string, Row[]>): unknown {
  const stem = /^(?:.*_)?([a-z]+)_id$/.exec(name)?.[1];
  if (stem === undefined) return undefined;
  for (const [table, made] of rows) {
    if ([`${stem}s`, `${stem}es`].includes(table.split('.')[1] ?? '') && made[0]?.['id'] !== undefined) return made[0]['id'];
  }
  return undefined;
}

function inOrder(tables: readonly string[], references: readonly Reference[]): string[] {
  const ordered: string[] = [];
  const visit = (table: string, above: readonly string[]): void => {
    if (ordered.includes(table) || above.includes(table)) return;
    for (const reference of references) if (reference.table === table) visit(reference.target, [...above, table]);
    ordered.push(table);
  };
  for (const table of tables) visit(table, []);
  return ordered;
}
