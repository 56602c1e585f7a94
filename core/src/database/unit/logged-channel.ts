import { failureOf } from '../../context/span.js';
import type { Statement } from '../../context/unit.js';
import { pluginOf } from '../names.js';
import { withoutConstants } from '../sql/without-constants.js';
import type { Channel, IdentifiedStatement } from './channel.js';
import type { Done } from './pipeline.js';
import type { Precondition } from './precondition.js';
import { ReadChannel } from './read-channel.js';

/** A log entry for one SQL statement, without values and without the database's message, which may repeat values. */
export interface StatementLine {
  /** The plugin that sent it; `kernel` for the kernel's own statements. */
  plugin: string;
  /** Parameters appear as `$1`, constants as `?`. */
  sql: string;
  /** Rows read or changed; null if there is no such number. */
  rows: number | null;
  /** Time from requesting a connection until the answer. */
  ms: number;
  /** Audit entries that were stored with the commit. */
  auditEntries?: number;
  /** SQLSTATE or error name of a failed statement. */
  failed?: string;
}

export type LogStatement = (line: StatementLine) => void;

/**
 * A channel that logs its statements. It is used only at log level `debug`, so that it costs nothing otherwise. Leading statements sent in
 * the same packet (begin, role, tenants, session) count as part of the statement.
 */
export class LoggedChannel implements Channel {
  #used = false;

  constructor(
    private readonly inner: Channel,
    private readonly log: LogStatement,
  ) {}

  send(order: IdentifiedStatement, precondition: Precondition | null, done: Done): void {
    this.#used = true;
    const started = performance.now();
    const { schema } = order.identity;
    const plugin = schema === null ? 'kernel' : pluginOf(schema);
    this.inner.send(order, precondition, (error, result) => {
      const sql = withoutConstants(order.statement.text);
      const line = { plugin, sql, rows: result?.rowCount ?? null, ms: since(started) };
      this.log(result === undefined ? { ...line, failed: failureOf(error) } : line);
      done(error, result);
    });
  }

  forSavepoints(): Channel {
    const next = this.inner.forSavepoints();
    return next === this.inner ? this : new LoggedChannel(next, this.log);
  }

  commit(entries: readonly Statement[]): Promise<void> {
    return this.#end('commit', entries.length, () => this.inner.commit(entries));
  }

  rollback(): Promise<void> {
    return this.#end('rollback', 0, () => this.inner.rollback());
  }

  cancel(): void {
    this.inner.cancel();
  }

  async #end(sql: 'commit' | 'rollback', auditEntries: number, end: () => Promise<void>): Promise<void> {
    const started = performance.now();
    // Statements that ran without a transaction need no end.
    const isSent = auditEntries > 0 || (this.#used && !(this.inner instanceof ReadChannel));
    const line = () => ({ plugin: 'kernel', sql, rows: null, ...(auditEntries > 0 ? { auditEntries } : {}), ms: since(started) });
    try {
      await end();
    } catch (error) {
      this.log({ ...line(), failed: failureOf(error) });
      throw error;
    }
    if (isSent) this.log(line());
  }
}

/** Milliseconds, to the microsecond. */
const since = (started: number): number => Math.round((performance.now() - started) * 1_000) / 1_000;
