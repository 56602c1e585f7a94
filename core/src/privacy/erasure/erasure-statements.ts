import { quote } from '../../database/names.js';
import type { PersonColumn, PrivateTable } from '../person-table.js';

/** Rows per statement: transactions stay short, so other work never waits long. */
export const BATCH = 500;

export interface BatchStatement {
  action: 'deleted' | 'anonymised';
  /** SQL condition that selects its rows. */
  condition: string;
  sql: string;
}

/**
 * A random id that replaces an erased person's: a UUID of version 8 (RFC 9562 §5.8), whose bits can be chosen freely; people's ids have
 * other versions.
 */
const nobody = `overlay(gen_random_uuid()::text placing '8' from 15)`;

const baseType = (type: string): string => type.replace(/\[\]$/, '');

/** SQL: the person's id `$1` as the column's type. Text that is not a UUID matches nothing in a uuid column. */
const person = ({ type }: PersonColumn): string => `$1::${baseType(type)}`;

export const names = (column: PersonColumn): string =>
  column.list ? `${person(column)} = any (${quote(column.name)})` : `${quote(column.name)} = ${person(column)}`;

/** Statements that erase a person from a table; each is repeated until it finds no more rows. `$1` is the person's id. */
export function eraseStatements(table: PrivateTable): BatchStatement[] {
  const deleted = table.people.filter(({ rule }) => rule === 'delete');
  const rest = table.people.filter(({ rule, list }) => rule === 'anonymise' || list);
  return [
    ...deleted.map((column): BatchStatement => {
      const whole = column.list ? ` and ${quote(column.name)} <@ array[${person(column)}]` : '';
      const condition = `${names(column)}${whole}`;
      return { action: 'deleted', condition, sql: deleteBatch(table, condition) };
    }),
    ...rest.map((column): BatchStatement => {
      const without = column.list ? `array_remove(${quote(column.name)}, ${person(column)})` : unnamed(column);
      const clear = column.rule === 'anonymise' ? cleared(table) : [];
      const condition = names(column);
      return {
        action: 'anonymised',
        condition,
        sql: updateBatch(table, condition, [`${quote(column.name)} = ${without}`, ...clear]),
      };
    }),
  ];
}

/** The statement that deletes or anonymises rows past their retention time; null if the table has no retention time of its own. */
export function retentionStatement(table: PrivateTable): BatchStatement | null {
  const { keep } = table.declaration;
  if (keep === undefined || (typeof keep === 'object' && 'with' in keep)) return null;
  const { for: length, since } = typeof keep === 'string' ? { for: keep, since: 'updated_at' } : keep;
  const past = `${quote(since)} < now() - interval '${length}'`;
  const goes = table.people.length === 0 || table.people.some(({ rule }) => rule === 'delete');
  const condition = goes ? past : `${past} and (${table.people.map(stillNames).join(' or ')})`;
  const sets = table.people.map((column) => `${quote(column.name)} = ${column.list ? `'{}'` : unnamed(column)}`);
  return goes
    ? { action: 'deleted', condition, sql: deleteBatch(table, condition) }
    : { action: 'anonymised', condition, sql: updateBatch(table, condition, [...sets, ...cleared(table)]) };
}

export const countRows = ({ name }: PrivateTable, condition: string): string =>
  `select count(*)::int as rows from ${quote(name)} where ${condition}`;

const unnamed = ({ nullable, type }: PersonColumn): string => (nullable ? 'null' : `${nobody}::${type}`);

function stillNames({ name, list, nullable }: PersonColumn): string {
  if (list) return `cardinality(${quote(name)}) > 0`;
  return nullable ? `${quote(name)} is not null` : `substr(${quote(name)}::text, 15, 1) <> '8'`;
}

function cleared({ declaration, columns }: PrivateTable): string[] {
  return (declaration.clear ?? []).map((name) => {
    const { nullable = true, type = '' } = columns.get(name) ?? {};
    return `${quote(name)} = ${nullable ? 'null' : type.endsWith('[]') ? `'{}'` : `''`}`;
  });
}

const deleteBatch = ({ name }: PrivateTable, condition: string): string =>
  `delete from ${quote(name)} where ctid = any (${batchOf(name, condition)}) and ${condition}`;

const updateBatch = ({ name }: PrivateTable, condition: string, sets: string[]): string =>
  `update ${quote(name)} set ${sets.join(', ')} where ctid = any (${batchOf(name, condition)}) and ${condition}`;

/** Selects by ctid, so that a batch is found once. ctids repeat across partitions, so the condition is repeated too. */
const batchOf = (name: string, condition: string): string =>
  `array(select ctid from ${quote(name)} where ${condition} limit ${BATCH} for update)`;
