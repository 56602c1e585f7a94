import type { SchoolRule } from '../contract/table.js';
import { quote } from './names.js';

const allSchools = `(select current_setting('ilearn.all_schools', true)) = 'on'`;

/** The list of schools in force, as an array of the column's own type; read once a statement. */
const schoolList = (type: string) => `(select string_to_array(current_setting('ilearn.schools', true), ','))::${type}[]`;

/**
 * The statements that bring a table's policy in line with its declaration. Row-level security is forced, so that it holds
 * for the owner too, and thereby for exported views.
 *
 * @param columnType SQL type of the school column, `uuid` or `uuid[]` and the like
 */
export function securityStatements(schema: string, table: string, rule: SchoolRule, columnType: string | null): string[] {
  const name = `${quote(schema)}.${quote(table)}`;
  const drop = `drop policy if exists ilearn_school on ${name}`;
  if (typeof rule === 'object' && 'none' in rule) {
    return [drop, `alter table ${name} no force row level security`, `alter table ${name} disable row level security`];
  }
  const column = quote(typeof rule === 'string' ? rule : rule.column);
  const type = columnType ?? 'text';
  let seen: string;
  let written: string;
  if (type.endsWith('[]')) {
    const list = schoolList(type.slice(0, -2));
    seen = `${column} && ${list}`;
    written = `${column} <@ ${list} and ${column} <> '{}'`;
  } else {
    seen = `${column} = any (${schoolList(type)})`;
    written = seen;
  }
  if (typeof rule === 'object') seen = `${column} is null or ${seen}`;
  return [
    `alter table ${name} enable row level security`,
    `alter table ${name} force row level security`,
    drop,
    // Reading is wider than writing where rows are shared; a write must pass both.
    `create policy ilearn_school on ${name} using (${allSchools} or ${seen}) with check (${allSchools} or (${written}))`,
  ];
}
