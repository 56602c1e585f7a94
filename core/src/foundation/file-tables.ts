import type { FileDeclaration } from '../contract/files.js';
import type { PluginDefinition } from '../contract/plugin.js';
import type { TableDeclaration } from '../contract/table.js';
import { eraseRuleOf, tenantColumns } from './table-rules.js';

/** The columns that every table of files has. */
export const fileColumns = ['id', 'name', 'type', 'bytes', 'sha256', 'thumbnail', 'sealed', 'created_at', 'updated_at'] as const;

/** The table declaration for a kind of file. */
export function tableOfFiles({ tenant, types: _, maxBytes: __, encrypt: ___, ...rest }: FileDeclaration): TableDeclaration {
  const table: TableDeclaration = { tenant, ...rest };
  const anonymised = Object.keys(rest.people ?? {}).some((column) => eraseRuleOf(table, column) === 'anonymise');
  // File names often contain names of people.
  return anonymised ? { ...table, clear: ['name'] } : table;
}

/** The column with a file's tenant; null if the kind has no tenant. */
export const fileTenantColumn = (declaration: FileDeclaration): string | null => tenantColumns(declaration)[0] ?? null;

/** Adds a table declaration for each kind of file, so that all rules for tables also apply to files. */
export function withFileTables(definition: PluginDefinition): PluginDefinition {
  const { files, tables } = definition;
  if (files === undefined) return definition;
  const made = Object.entries(files).map(([kind, declaration]) => [kind, tableOfFiles(declaration)] as const);
  return { ...definition, tables: { ...tables, ...Object.fromEntries(made) } };
}
