import type { PluginDefinition } from '../../contract/plugin.js';
import type { TableDeclaration } from '../../contract/table.js';
import type { Fault } from '../../foundation/diagnosis.js';
import { tenantColumns } from '../../foundation/table-rules.js';
import { schemaAccessOf } from '../names.js';
import type { Catalog, CatalogTable } from './catalog.js';
import { checkModelColumns } from './check-models.js';
import { checkPeople } from './check-people.js';
import { checkRights, type RightsHolders } from './check-rights.js';

/** Compares a plugin's declarations with the tables and views that its migrations created. */
export function checkCatalog(definition: PluginDefinition, catalog: Catalog, holders: RightsHolders): Fault[] {
  const faults: Fault[] = [];
  const report = (where: string, message: string, remedy: string) =>
    faults.push({ plugin: definition.id, where, message, remedy });
  const declared = definition.tables ?? {};

  for (const relation of catalog.relations.values()) {
    if (relation.kind === 'm' || relation.kind === 'f') {
      report(
        `tables.${relation.name}`,
        'Materialized views and foreign tables cannot carry row-level security.',
        'Make it a table or a plain view.',
      );
      continue;
    }
    if (relation.kind === 'v') continue;
    const table = declared[relation.name];
    if (table === undefined) {
      report(
        `tables.${relation.name}`,
        `The migrations create the table "${relation.name}", which the manifest does not declare.`,
        `Add tables.${relation.name} = { tenant: …, people: … }: without it nobody can say whose data it holds.`,
      );
      continue;
    }
    checkColumns(relation, table, report);
    checkPeople(relation, table, catalog, declared, report);
  }
  for (const name of Object.keys(declared)) {
    const kind = catalog.relations.get(name)?.kind;
    if (kind !== 'r' && kind !== 'p') {
      report(
        `tables.${name}`,
        `The manifest declares the table "${name}", which no migration creates.`,
        'Add the migration, or remove the declaration.',
      );
    }
  }
  checkModelColumns(definition, catalog, report);
  for (const name of definition.exports?.views ?? []) {
    if (catalog.relations.get(name)?.kind !== 'v') {
      report(
        'exports.views',
        `It exports the view "${name}", which no migration creates.`,
        `Add a migration with: create view ${name} as select ….`,
      );
    }
  }
  for (const { table, constraint, target } of catalog.foreignKeysOut) {
    report(
      `tables.${table}`,
      `The foreign key ${constraint} points to ${target}, outside the plugin's schema.`,
      'Keep the id in a plain column; the other plugin owns its rows.',
    );
  }
  checkRights(catalog, holders, schemaAccessOf({ id: definition.id, definition }), report);
  return faults;
}

function checkColumns(
  relation: CatalogTable,
  table: TableDeclaration,
  report: (where: string, message: string, remedy: string) => void,
): void {
  const where = `tables.${relation.name}`;
  if (relation.kind === 'p' && typeof table.tenant === 'object' && 'sees' in table.tenant) {
    report(
      where,
      'It is partitioned, and its rows are of several tenants: an update that moves a row to another partition runs no update trigger.',
      'Make it a plain table, or name one tenant column.',
    );
  }
  for (const tenant of tenantColumns(table).filter((column) => !relation.columns.has(column))) {
    report(where, `Its tenant column "${tenant}" does not exist.`, `Add ${tenant} to the table, or declare { none: 'why' }.`);
  }
}
