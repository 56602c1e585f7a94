import type { EraseRule, TableDeclaration } from '../contract/table.js';

/** What erasing a person does to the rows that name them in this column. */
export const eraseRuleOf = ({ erase }: TableDeclaration, column: string): EraseRule | undefined =>
  typeof erase === 'object' ? erase[column] : erase;

/** The column that holds a row's school; null: the rows are of no school. */
export function schoolColumn(table: TableDeclaration): string | null {
  if (typeof table.school === 'string') return table.school;
  return 'none' in table.school ? null : table.school.column;
}
