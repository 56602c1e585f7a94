import type pg from 'pg';
import { usedBy, uses } from '../../contract/dependencies.js';
import type { PluginDefinition } from '../../contract/plugin.js';
import type { CheckedPlugin } from '../../foundation/plugin.js';
import type { Choice } from '../../foundation/purpose-choices.js';
import { tenantColumns } from '../../foundation/table-rules.js';
import { quote, type RoleNames, schemaOf } from '../names.js';
import type { Catalog } from './catalog.js';
import { outdatedGrants, type RightsHolders } from './check-rights.js';
import { peopleRulesOf } from './people-policies.js';
import { policyChanges } from './row-level-security.js';

/**
 * Brings policies and the runtime role's privileges in line with the declaration. Changes only what differs, because changing a policy
 * locks its table. Returns the roles that lost the right to read its views.
 *
 * @param choices the purposes that depend on what people decide
 */
export async function applyRights(
  client: pg.PoolClient,
  { id, definition }: CheckedPlugin,
  names: RoleNames,
  catalog: Catalog,
  holders: RightsHolders,
  choices: ReadonlyMap<string, Choice>,
): Promise<string[]> {
  const { relations } = catalog;
  const schema = schemaOf(id);
  const tables = Object.entries(definition.tables ?? {}).map(([name, table]) => {
    const typeOf = (column: string) => relations.get(name)?.columns.get(column)?.type;
    const types = tenantColumns(table).map((column) => typeOf(column) ?? 'text');
    const people = peopleRulesOf(table, choices.get(table.purpose ?? '') ?? null, typeOf);
    return { name, rule: table.tenant, types, people };
  });
  const outdated = outdatedGrants(catalog, holders);
  const statements = [
    ...(await policyChanges(client, schema, tables)),
    ...(await missingGrants(
      client,
      schema,
      names.runtime(id),
      Object.keys(definition.tables ?? {}).filter((name) => definition.files?.[name] === undefined),
    )),
    ...fileGrants(schema, names.runtime(id), definition),
    ...outdated.map(({ relation, grantee }) => `revoke all on ${quote(schema)}.${quote(relation)} from ${quote(grantee)}`),
  ];
  if (statements.length > 0) await client.query(statements.join(';\n'));
  return outdated.map(({ grantee }) => grantee);
}

/**
 * The kernel creates the rows of files, under the owner's role. The runtime role may delete them, and update the columns that erasing a
 * person changes.
 */
function fileGrants(schema: string, role: string, { files = {} }: PluginDefinition): string[] {
  return Object.entries(files).map(([kind, { people = {} }]) => {
    const columns = ['name', 'updated_at', ...Object.keys(people)].map(quote).join(', ');
    return `grant select, delete, update (${columns}) on ${quote(schema)}.${quote(kind)} to ${quote(role)}`;
  });
}

/** Statements for the privileges that the runtime role lacks on tables, views, sequences and functions. */
async function missingGrants(client: pg.PoolClient, schema: string, role: string, tables: string[]): Promise<string[]> {
  const { rows } = await client.query<{ statement: string }>(
    `with own as (select n.oid, n.nspname from pg_namespace n where n.nspname = $1)
     select format('grant usage on schema %I to %I', nspname, $2::text) as statement from own
       where not has_schema_privilege($2, oid, 'usage')
     union all
     select case when c.relkind = 'S' then format('grant usage, select on sequence %I.%I to %I', nspname, relname, $2::text)
       when relname = any($3) then format('grant select, insert, update, delete on %I.%I to %I', nspname, relname, $2::text)
       else format('grant select on %I.%I to %I', nspname, relname, $2::text) end
     from own join pg_class c on c.relnamespace = own.oid
     where c.relkind = 'S' and not (has_sequence_privilege($2, c.oid, 'usage') and has_sequence_privilege($2, c.oid, 'select'))
       or c.relkind in ('r', 'p', 'f') and relname = any($3) and not (has_table_privilege($2, c.oid, 'select')
         and has_table_privilege($2, c.oid, 'insert') and has_table_privilege($2, c.oid, 'update') and has_table_privilege($2, c.oid, 'delete'))
       or c.relkind = 'v' and not has_table_privilege($2, c.oid, 'select')
     union all
     select format('grant execute on routine %I.%I(%s) to %I', nspname, proname, pg_get_function_identity_arguments(p.oid), $2::text)
     from own join pg_proc p on p.pronamespace = own.oid where p.prokind <> 'a' and not has_function_privilege($2, p.oid, 'execute')`,
    [schema, role, tables],
  );
  return rows.map(({ statement }) => statement);
}

export function holdersOf({ id }: CheckedPlugin, all: readonly CheckedPlugin[], names: RoleNames): RightsHolders {
  const rolesOf = (plugin: string) => [names.runtime(plugin), names.owner(plugin)];
  const readers = all.filter(({ definition }) => uses(definition, id)).flatMap((other) => rolesOf(other.id));
  return { own: rolesOf(id), readers, isPlugin: (role) => names.includes(role) };
}

/** Grants a plugin the missing rights on the exported views of the plugins that it uses, as far as they exist; the views' owners grant them. */
export async function grantReading(
  client: pg.PoolClient,
  plugin: CheckedPlugin,
  all: readonly CheckedPlugin[],
  names: RoleNames,
): Promise<void> {
  const readers = [names.runtime(plugin.id), names.owner(plugin.id)];
  for (const id of usedBy(plugin.definition)) {
    const views = all.find((other) => other.id === id)?.definition.exports?.views ?? [];
    if (views.length === 0) continue;
    await client.query(`set local role ${quote(names.owner(id))}`);
    const { rows } = await client.query<{ statement: string }>(
      `select distinct format('grant usage on schema %I to %I', $1::text, reader) as statement from unnest($3::text[]) reader
         where not has_schema_privilege(reader, $1, 'usage')
       union
       select format('grant select on %I.%I to %I', $1::text, view, reader) from unnest($2::text[]) view, unnest($3::text[]) reader
         where not has_table_privilege(reader, to_regclass(format('%I.%I', $1::text, view)), 'select')`,
      [schemaOf(id), views, readers],
    );
    const statements = rows.map(({ statement }) => statement);
    await client.query([...statements, `set local role ${quote(names.owner(plugin.id))}`].join('; '));
  }
}
