import { DatabaseUnit } from '../database/unit/unit.js';

/** Result of `countStatements`. */
export interface StatementCount {
  /** SQL texts sent by units of work since the count began, by the place that sent them: `GET /api/myway/paths`, `myway: event …`. */
  readonly sent: ReadonlyMap<string, readonly string[]>;
  /** Stops counting. */
  stop(): void;
}

/**
 * Counts the SQL statements that units of work of this process send: those of plugins and of the kernel, without the leading statements in
 * the same packet (role, tenants, session). Only one count at a time.
 */
export function countStatements(): StatementCount {
  const sent = new Map<string, string[]>();
  const { query } = DatabaseUnit.prototype;
  DatabaseUnit.prototype.query = function (this: DatabaseUnit, identity, statement) {
    const texts = sent.get(this.place);
    if (texts === undefined) sent.set(this.place, [statement.text]);
    else texts.push(statement.text);
    return query.call(this, identity, statement) as never;
  };
  return {
    sent,
    stop() {
      DatabaseUnit.prototype.query = query;
    },
  };
}
