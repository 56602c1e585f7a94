import { createRequire } from 'node:module';

/** A condition `in` of a query builder. */
interface InCondition {
  column: unknown;
  value: unknown;
}

/** The part of knex's query compiler that is used here. */
interface Compiler {
  bindingsHolder: { bindings: unknown[] };
  _columnClause(condition: InCondition): string;
  _not(condition: InCondition, operator: string): string;
  whereIn(condition: InCondition): string;
}

// knex publishes no types for its dialect classes.
const require = createRequire(import.meta.url);
const PostgresCompiler = require('knex/lib/dialects/postgres/query/pg-querycompiler.js') as new (...args: unknown[]) => Compiler;

const isPlain = (value: unknown): boolean => ['string', 'number', 'bigint', 'boolean'].includes(typeof value);

/**
 * Compiles `whereIn(column, values)` to `column = any (?)` with an array. knex writes one parameter for each value, so that each length would
 * be a text of its own, which PostgreSQL parses and plans anew. One value keeps the form `in (?)`, which PostgreSQL plans as an equality.
 * A column that is an array itself has no such form: compare it with `whereRaw`.
 */
export class ListConditions extends PostgresCompiler {
  override whereIn(condition: InCondition): string {
    const { column, value } = condition;
    if (Array.isArray(column) || !Array.isArray(value) || value.length < 2 || !value.every(isPlain))
      return super.whereIn(condition);
    // First the column: it may have bindings of its own.
    const compared = this._columnClause(condition);
    this.bindingsHolder.bindings.push(value);
    return `${compared} ${this._not(condition, '') === '' ? '= any' : '<> all'} (?)`;
  }
}
