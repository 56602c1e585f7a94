import { DatabaseUnit } from '../database/unit/unit.js';

/** What `countStatements` counts. */
export interface StatementCount {
  /** SQL texts that units of work sent since the count began, by what ran in them: `GET /api/myway/paths`, `myway: event …`. */
  readonly sent: ReadonlyMap<string, readonly string[]>;
  /** Ends the count. */
  stop(): void;
}

/**
 * Counts the SQL statements that units of work of this process send: those of plugins and of the kernel, without what goes ahead
 * of them in the same packet (role, tenants, session). One count at a time.
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
