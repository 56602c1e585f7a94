import type { EraseRule, TableDeclaration } from '../contract/table.js';

/** The rule for rows that name an erased person in this column. */
export const eraseRuleOf = ({ erase }: TableDeclaration, column: string): EraseRule | undefined =>
  typeof erase === 'object' ? erase[column] : erase;

/** The columns with a row's tenants; empty if the rows have no tenant. */
export function tenantColumns({ tenant }: Pick<TableDeclaration, 'tenant'>): string[] {
  if (typeof tenant === 'string') return [tenant];
  if ('sees' in tenant) return [...tenant.sees];
  return 'none' in tenant ? [] : [tenant.column];
}
