import type { FileDeclaration } from '../contract/files.js';
import type { PluginDefinition } from '../contract/plugin.js';
import type { TableDeclaration } from '../contract/table.js';
import { eraseRuleOf, tenantColumns } from './table-rules.js';

/** The columns that the table of every kind of file has. */
export const fileColumns = ['id', 'name', 'type', 'bytes', 'sha256', 'thumbnail', 'sealed', 'created_at', 'updated_at'] as const;

/** A kind of file as the declaration of its table. */
export function tableOfFiles({ tenant, types: _, maxBytes: __, encrypt: ___, ...rest }: FileDeclaration): TableDeclaration {
  const table: TableDeclaration = { tenant, ...rest };
  const anonymised = Object.keys(rest.people ?? {}).some((column) => eraseRuleOf(table, column) === 'anonymise');
  // Names of files often hold those of people.
  return anonymised ? { ...table, clear: ['name'] } : table;
}

/** The column that holds a file's tenant; null: its kind is of no tenant. */
export const fileTenantColumn = (declaration: FileDeclaration): string | null => tenantColumns(declaration)[0] ?? null;

/** The definition with a table for each kind of file, so that whatever holds for tables holds for files. */
export function withFileTables(definition: PluginDefinition): PluginDefinition {
  const { files, tables } = definition;
  if (files === undefined) return definition;
  const made = Object.entries(files).map(([kind, declaration]) => [kind, tableOfFiles(declaration)] as const);
  return { ...definition, tables: { ...tables, ...Object.fromEntries(made) } };
}
