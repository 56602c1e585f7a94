import type { SqlIdentity, Unit } from '../context/unit.js';
import type { Route } from '../contract/route.js';
import type { EraseRule, PersonRelation, TableDeclaration } from '../contract/table.js';
import { type RoleNames, schemaOf } from '../database/names.js';
import type { Catalog, CatalogColumn } from '../database/rights/catalog.js';
import type { CheckedPlugin } from '../foundation/plugin.js';
import { eraseRuleOf } from '../foundation/table-rules.js';

export interface PersonColumn extends CatalogColumn {
  name: string;
  relation: PersonRelation;
  rule: EraseRule;
  list: boolean;
}

/** A plugin's table with its declaration and its columns in the database. */
export interface PrivateTable {
  plugin: string;
  name: string;
  declaration: TableDeclaration;
  columns: ReadonlyMap<string, CatalogColumn>;
  people: PersonColumn[];
}

export interface PrivatePlugin {
  plugin: CheckedPlugin;
  /** The plugin's own role, with access to the rows of all tenants and of all people. */
  identity: SqlIdentity;
  tables: PrivateTable[];
}

export function privatePlugin(plugin: CheckedPlugin, names: RoleNames, { relations }: Catalog): PrivatePlugin {
  const { id, definition } = plugin;
  const tables = Object.entries(definition.tables ?? {}).map(([name, declaration]): PrivateTable => {
    const columns = relations.get(name)?.columns ?? new Map<string, CatalogColumn>();
    const people = Object.entries(declaration.people ?? {}).flatMap(([column, relation]) => {
      const found = columns.get(column);
      const rule = eraseRuleOf(declaration, column) ?? 'delete';
      return found === undefined ? [] : [{ ...found, name: column, relation, rule, list: found.type.endsWith('[]') }];
    });
    return { plugin: id, name, declaration, columns, people };
  });
  return { plugin, identity: { role: names.runtime(id), schema: schemaOf(id), tenants: '*', viewer: 'privacy' }, tables };
}

export const holdsPeople = ({ definition }: Pick<CheckedPlugin, 'definition'>): boolean =>
  Object.values(definition.tables ?? {}).some(({ people }) => Object.keys(people ?? {}).length > 0);

/** Whether requests to the plugin are recorded in the audit log: its tables hold people, or its privilege shows those of other plugins. */
export const isRecorded = (plugin: Pick<CheckedPlugin, 'definition'>): boolean =>
  holdsPeople(plugin) || plugin.definition.privileges?.includes('privacy') === true;

/** The plugin's routes whose requests are recorded. */
export const recordedRoutes = (plugin: Pick<CheckedPlugin, 'definition'>): Route[] =>
  isRecorded(plugin) ? (plugin.definition.routes ?? []).filter(({ audit }) => audit === undefined) : [];

/** Plugins that have tables in the database but are out of service. */
export async function absentPlugins(unit: Unit, plugins: readonly PrivatePlugin[]): Promise<string[]> {
  const { rows } = await unit.kernel<{ id: string }>('select id from kernel.plugins where id <> all ($1) order by id', [
    plugins.map(({ plugin }) => plugin.id),
  ]);
  return rows.map(({ id }) => id);
}
