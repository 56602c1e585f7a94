import pg from 'pg';
import type { Outage } from '../../context/unit.js';

interface Mark {
  outage: Outage;
  /** The connection was lost during a commit: it is unknown whether the changes were stored. */
  unsure: boolean;
}

const marks = new WeakMap<object, Mark>();

/** SQLSTATE idle_in_transaction_session_timeout: the code waited for something other than the database. */
const IDLE_IN_TRANSACTION = '25P03';
const READ_ONLY = '25006';

/** SQLSTATE patterns, more specific ones first. All other codes concern the statement. */
const states: [RegExp, Outage][] = [
  // Insufficient privilege and unknown database or user are not listed: they indicate an outage only when a connection is opened, and
  // `markConnecting` marks that case.
  [/^57014$/, 'slow'],
  [/^55P03$/, 'locked'],
  [/^53100$/, 'full'],
  // System error, data or index corrupted.
  [/^(?:58|XX001|XX002)/, 'full'],
  [/^53/, 'crowded'],
  // Connection exception, operator intervention (shut down, crashed, starting), transaction_timeout.
  [/^(?:08|57P|25P04)/, 'unreachable'],
];

/** Node's error codes of the operating system, DNS and TLS. */
const ofSystem = /^(?:E[A-Z]+|EAI_[A-Z]+|ERR_(?:TLS|SSL|SOCKET|STREAM)_\w+|CERT_\w+|\w+_CERT_\w+|\w+_SIGNATURE)$/;
/** Errors of the driver itself, which have no code. */
const ofDriver = /connection|connect|timeout exceeded|not queryable|did not answer/i;

function outageOfState(code: string): Outage | null {
  for (const [pattern, outage] of states) if (pattern.test(code)) return outage;
  return null;
}

/** The outage that caused an error of a database connection; null if there is none. */
export function outageOfDatabase(error: unknown, { readOnly = false } = {}): Outage | null {
  if (typeof error !== 'object' || error === null) return null;
  const mark = marks.get(error);
  if (mark !== undefined) return mark.outage;
  if (!(error instanceof Error)) return null;
  const { code, severity, message } = error as Error & { code?: unknown; severity?: unknown };
  if (typeof code === 'string') {
    // In a read-only unit, the kernel itself causes this refusal.
    if (code === READ_ONLY) return readOnly ? null : 'read-only';
    if (code === IDLE_IN_TRANSACTION) return null;
    if (severity === undefined) return ofSystem.test(code) ? 'unreachable' : null;
    return outageOfState(code) ?? (severity === 'FATAL' || severity === 'PANIC' ? 'unreachable' : null);
  }
  return ofDriver.test(message) ? 'unreachable' : null;
}

/** The same for an error from any source, such as a plugin's own error, which may have nothing to do with the database. */
export function outageOf(error: unknown): Outage | null {
  if (typeof error !== 'object' || error === null) return null;
  return marks.get(error)?.outage ?? (error instanceof pg.DatabaseError ? outageOfDatabase(error, { readOnly: true }) : null);
}

/** Marks the error of work that failed because of the database, so that it is not blamed on the code that threw it. */
export function markOutage(error: unknown, outage: Outage, unsure = false): void {
  if (typeof error === 'object' && error !== null && !marks.has(error)) marks.set(error, { outage, unsure });
}

/** Marks the error of a failed connection attempt, and returns it. */
export function markConnecting<E>(error: E): E {
  markOutage(error, outageOfDatabase(error) ?? 'unreachable');
  return error;
}

export const isOutage = (error: unknown): boolean => outageOf(error) !== null;

/** Whether it is unknown if the interrupted work was stored. */
export const isUnsure = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && marks.get(error)?.unsure === true;

/** Whether the connection that returned this error must be closed. */
export function losesConnection(error: unknown, readOnly = false): boolean {
  const outage = outageOfDatabase(error, { readOnly });
  if (outage === 'unreachable' || outage === 'read-only') return true;
  return (error as { code?: unknown } | null)?.code === IDLE_IN_TRANSACTION;
}

/** What an operator can do about it. */
export const remedyOfOutage: Record<Outage, string> = {
  unreachable: 'Check that the database server of DATABASE_URL runs, accepts connections and can be reached from here.',
  crowded:
    'The database server has no connections or memory left: compare max_connections with processes × (DATABASE_CONNECTIONS + 1).',
  full: "The database's disk is full or failing: free space on it, or see the server's log.",
  'read-only': 'DATABASE_URL points to a standby: set it to the server that accepts writes (target_session_attrs, a proxy).',
  locked: 'A session has held a lock for too long: find it by pg_stat_activity and pg_blocking_pids(), and end it.',
  slow: 'A statement took longer than REQUEST_STATEMENT_SECONDS or JOB_STATEMENT_SECONDS allows: the server is overloaded, or a query needs an index.',
};
