import { isClosedField } from './functions.js';

/** The plugin whose SQL is checked, and the schemas that it may use. */
export interface SchemaAccess {
  plugin: string;
  schema: string;
  /** Schemas of the plugins that it uses. The database checks which views it may read there. */
  readable: ReadonlySet<string>;
  /** The plugin's own functions that may be called without the schema; default none. */
  functions?: ReadonlySet<string>;
}

/** System relations that show a role only what it may use itself. */
const systemRelations = new Set([
  'information_schema.tables',
  'information_schema.columns',
  'information_schema.views',
  'information_schema.sequences',
  'information_schema.table_constraints',
  'information_schema.key_column_usage',
  'pg_catalog.pg_timezone_names',
  'pg_catalog.pg_timezone_abbrevs',
]);

/** PostgreSQL searches `pg_catalog` first; all its relations start with this prefix. */
const ofCatalog = /^pg_/;

/** Types whose values name or give access to objects outside plugins: `regclass` and similar, privileges, rows of the catalog. */
const closedTypes =
  /^_?(?:reg(?:class|collation|namespace|oper|operator|proc|procedure|role|type|dictionary)|aclitem|pg_.*|txid_snapshot)$/;

/** Worded like PostgreSQL's own error. */
export const denied = (found: string): string =>
  `permission denied${/^\w+\./.test(found) ? ` for schema ${found.split('.')[0]}` : ''}: ${found} is not open to plugins`;

/** Null if the relation is allowed. */
export function refusedRelation({ schema, readable }: SchemaAccess, of: string | undefined, name: string): string | null {
  if (of === undefined) return ofCatalog.test(name) && !systemRelations.has(`pg_catalog.${name}`) ? name : null;
  if (of === schema || readable.has(of) || systemRelations.has(`${of}.${name}`)) return null;
  return `${of}.${name}`;
}

export function refusedType({ schema }: SchemaAccess, names: readonly string[]): string | null {
  const name = names.at(-1) ?? '';
  const [of] = names.length > 1 ? names : ['pg_catalog'];
  const open = names.length <= 2 && (of === schema || (of === 'pg_catalog' && !closedTypes.test(name)));
  return open ? null : names.join('.');
}

/** Only operators of `pg_catalog`: plugins cannot create any. */
export const refusedOperator = (names: readonly string[]): string | null =>
  names.length < 2 || (names.length === 2 && names[0] === 'pg_catalog') ? null : names.join('.');

/** Checks fields after the first name, because PostgreSQL treats an unknown field as a function. */
export const refusedField = (names: readonly string[]): string | null => names.find(isClosedField) ?? null;
