import type { EraseRule, TableDeclaration } from '../contract/table.js';

/** What erasing a person does to the rows that name them in this column. */
export const eraseRuleOf = ({ erase }: TableDeclaration, column: string): EraseRule | undefined =>
  typeof erase === 'object' ? erase[column] : erase;

/** The columns that hold a row's tenants; none: the rows are of no tenant. */
export function tenantColumns({ tenant }: Pick<TableDeclaration, 'tenant'>): string[] {
  if (typeof tenant === 'string') return [tenant];
  if ('sees' in tenant) return [...tenant.sees];
  return 'none' in tenant ? [] : [tenant.column];
}
