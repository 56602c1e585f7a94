import type { EraseRule, TableDeclaration } from '../contract/table.js';

/** What erasing a person does to the rows that name them in this column. */
export const eraseRuleOf = ({ erase }: TableDeclaration, column: string): EraseRule | undefined =>
  typeof erase === 'object' ? erase[column] : erase;

/** The column that holds a row's tenant; null: the rows are of no tenant. */
export function tenantColumn(table: TableDeclaration): string | null {
  if (typeof table.tenant === 'string') return table.tenant;
  return 'none' in table.tenant ? null : table.tenant.column;
}
