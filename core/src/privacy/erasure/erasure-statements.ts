import { quote } from '../../database/names.js';
import type { PersonColumn, PrivateTable } from '../person-table.js';

/** Rows that one statement takes: a short transaction each, so that the portal's own work never waits long. */
export const BATCH = 500;

export interface BatchStatement {
  action: 'deleted' | 'anonymised';
  /** The rows that it takes, as a condition. */
  condition: string;
  sql: string;
}

/**
 * An id of nobody, which can be told from a person's: a UUID of version 8 (RFC 9562 §5.8), whose bits are the maker's to choose;
 * people's are of another.
 */
const nobody = `overlay(gen_random_uuid()::text placing '8' from 15)`;

const baseType = (type: string): string => type.replace(/\[\]$/, '');

/** `$1`, the person's id, as the column's type. A text that is no UUID is in no uuid column. */
const person = ({ type }: PersonColumn): string => `$1::${baseType(type)}`;

export const names = (column: PersonColumn): string =>
  column.list ? `${person(column)} = any (${quote(column.name)})` : `${quote(column.name)} = ${person(column)}`;

/** What erases a person from a table, each to be run until it finds no more rows. `$1` is the person's id. */
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

/** What ends the keeping of rows that are past their time; null where they are kept as long as others. */
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

/** By place, so that a batch is found once. Places repeat over partitions; the condition then tells the rows apart. */
const batchOf = (name: string, condition: string): string =>
  `array(select ctid from ${quote(name)} where ${condition} limit ${BATCH} for update)`;
