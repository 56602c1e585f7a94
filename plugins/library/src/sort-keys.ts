import type { Position } from '@ilearn/core';
import type { Knex } from 'knex';

/** One of the expressions by which a list is sorted, in ascending order. Negate a number to sort it in descending order. */
export interface SortKey {
  sql: string;
  /** Its SQL type. */
  type: string;
  bindings?: readonly unknown[];
}

interface Sql {
  sql: string;
  bindings: string[];
}

/** SQL of the expressions, for `order by` and for the position of a row. */
export const orderSql = (keys: readonly SortKey[]): Sql => ({
  sql: keys.map(({ sql }) => sql).join(', '),
  bindings: keys.flatMap(({ bindings = [] }) => bindings) as string[],
});

/** The condition that a row comes after a position; always true for null. */
export function afterSql(keys: readonly SortKey[], after: Position | null): Sql {
  if (after === null) return { sql: 'true', bindings: [] };
  const { sql, bindings } = orderSql(keys);
  return {
    sql: `(${sql}) > (${keys.map(({ type }) => `?::${type}`).join(', ')})`,
    bindings: [...bindings, ...after] as string[],
  };
}

/** Sorts a query, and lets it begin after a position. */
export function sortedBy<Query extends Knex.QueryBuilder>(query: Query, keys: readonly SortKey[], after: Position | null): Query {
  const [order, begin] = [orderSql(keys), afterSql(keys, after)];
  query.orderByRaw(order.sql, order.bindings);
  if (after !== null) query.whereRaw(begin.sql, begin.bindings);
  return query;
}
