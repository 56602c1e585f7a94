import type { SchoolRule } from '../contract/table.js';
import { quote } from './names.js';

const allSchools = `(select current_setting('ilearn.all_schools', true)) = 'on'`;

/** The list of schools in force, as an array of the column's own type; read once a statement. */
const schoolList = (type: string) => `(select string_to_array(current_setting('ilearn.schools', true), ','))::${type}[]`;

/** The policies that the kernel makes. */
export const policyNames = ['ilearn_read', 'ilearn_insert', 'ilearn_update', 'ilearn_delete'];

/**
 * The statements that bring a table's policy in line with its declaration. Row-level security is forced, so that it holds
 * for the owner too, and thereby for exported views.
 *
 * @param columnType SQL type of the school column, `uuid` or `uuid[]` and the like
 */
export function securityStatements(schema: string, table: string, rule: SchoolRule, columnType: string | null): string[] {
  const name = `${quote(schema)}.${quote(table)}`;
  const drop = policyNames.map((policy) => `drop policy if exists ${policy} on ${name}`);
  if (typeof rule === 'object' && 'none' in rule) {
    return [...drop, `alter table ${name} no force row level security`, `alter table ${name} disable row level security`];
  }
  const column = quote(typeof rule === 'string' ? rule : rule.column);
  const type = columnType ?? 'text';
  const isList = type.endsWith('[]');
  const list = schoolList(isList ? type.slice(0, -2) : type);
  const own = isList ? `${column} && ${list}` : `${column} = any (${list})`;
  const seen = `${allSchools} or ${typeof rule === 'object' ? `${column} is null or ` : ''}${own}`;
  // Shared rows are read by all and written by the system; a row of several schools by whoever acts for each of them.
  const written = `${allSchools} or (${isList ? `${column} <@ ${list} and ${column} <> '{}'` : own})`;
  return [
    `alter table ${name} enable row level security`,
    `alter table ${name} force row level security`,
    ...drop,
    `create policy ilearn_read on ${name} for select using (${seen})`,
    `create policy ilearn_insert on ${name} for insert with check (${written})`,
    `create policy ilearn_update on ${name} for update using (${written}) with check (${written})`,
    `create policy ilearn_delete on ${name} for delete using (${written})`,
  ];
}
