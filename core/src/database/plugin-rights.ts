import type pg from 'pg';
import type { CheckedPlugin } from '../plugins/loaded.js';
import type { Catalog } from './catalog.js';
import { schoolColumn } from './check-catalog.js';
import { outdatedGrants, type RightsHolders } from './check-rights.js';
import { quote, type RoleNames, schemaOf } from './names.js';
import { securityStatements } from './row-level-security.js';

/** Policies, and the rights of the runtime role. Returns the roles that may no longer read its views. */
export async function secure(
  client: pg.PoolClient,
  { id, definition }: CheckedPlugin,
  names: RoleNames,
  catalog: Catalog,
  holders: RightsHolders,
): Promise<string[]> {
  const { relations } = catalog;
  const schema = schemaOf(id);
  const runtime = quote(names.runtime(id));
  const statements = [`grant usage on schema ${quote(schema)} to ${runtime}`];
  for (const [name, table] of Object.entries(definition.tables ?? {})) {
    const column = schoolColumn(table);
    const type = column === null ? null : (relations.get(name)?.columns.get(column)?.type ?? null);
    statements.push(...securityStatements(schema, name, table.school, type));
    statements.push(`grant select, insert, update, delete on ${quote(schema)}.${quote(name)} to ${runtime}`);
  }
  statements.push(`grant usage, select on all sequences in schema ${quote(schema)} to ${runtime}`);
  statements.push(`grant execute on all functions in schema ${quote(schema)} to ${runtime}`);
  for (const { name, kind } of relations.values()) {
    if (kind === 'v') statements.push(`grant select on ${quote(schema)}.${quote(name)} to ${runtime}`);
  }
  const outdated = outdatedGrants(catalog, holders);
  for (const { relation, grantee } of outdated) {
    statements.push(`revoke all on ${quote(schema)}.${quote(relation)} from ${quote(grantee)}`);
  }
  await client.query(statements.join(';\n'));
  return outdated.map(({ grantee }) => grantee);
}

export function holdersOf({ id }: CheckedPlugin, all: readonly CheckedPlugin[], names: RoleNames): RightsHolders {
  const rolesOf = (plugin: string) => [names.runtime(plugin), names.owner(plugin)];
  const readers = all.filter(({ definition }) => definition.requires?.[id] !== undefined).flatMap((other) => rolesOf(other.id));
  return { own: rolesOf(id), readers, isPlugin: (role) => names.includes(role) };
}

/** Lets a plugin read the exported views of those it requires; done by their owners. */
export async function grantReading(
  client: pg.PoolClient,
  plugin: CheckedPlugin,
  all: readonly CheckedPlugin[],
  names: RoleNames,
): Promise<void> {
  for (const id of Object.keys(plugin.definition.requires ?? {})) {
    const views = all.find((other) => other.id === id)?.definition.exports?.views ?? [];
    if (views.length === 0) continue;
    const readers = `${quote(names.runtime(plugin.id))}, ${quote(names.owner(plugin.id))}`;
    const list = views.map((view) => `${quote(schemaOf(id))}.${quote(view)}`).join(', ');
    await client.query(
      [
        `set local role ${quote(names.owner(id))}`,
        `grant usage on schema ${quote(schemaOf(id))} to ${readers}`,
        `grant select on ${list} to ${readers}`,
        `set local role ${quote(names.owner(plugin.id))}`,
      ].join('; '),
    );
  }
}
