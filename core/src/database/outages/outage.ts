import pg from 'pg';
import type { Outage } from '../../context/unit.js';

interface Mark {
  outage: Outage;
  /** It went away while it stored: nobody knows whether it did. */
  unsure: boolean;
}

const marks = new WeakMap<object, Mark>();

/** A transaction stood still for longer than it may: its code waited for something else than the database. */
const IDLE_IN_TRANSACTION = '25P03';
const READ_ONLY = '25006';

/** SQLSTATEs, the more special ones first. What is in none of these says something of the statement. */
const states: [RegExp, Outage][] = [
  // insufficient privilege and unknown database or user as answers to a connection, which `connecting` marks, are not here.
  [/^57014$/, 'slow'],
  [/^55P03$/, 'locked'],
  [/^53100$/, 'full'],
  // System error, data or index corrupted.
  [/^(?:58|XX001|XX002)/, 'full'],
  [/^53/, 'crowded'],
  // Connection exception, operator intervention (shut down, crashed, starting), transaction_timeout.
  [/^(?:08|57P|25P04)/, 'unreachable'],
];

/** Codes of the operating system, of name look-up and of TLS, as Node gives them. */
const ofSystem = /^(?:E[A-Z]+|EAI_[A-Z]+|ERR_(?:TLS|SSL|SOCKET|STREAM)_\w+|CERT_\w+|\w+_CERT_\w+|\w+_SIGNATURE)$/;
/** What the driver itself says, which has no code. */
const ofDriver = /connection|connect|timeout exceeded|not queryable|did not answer/i;

function outageOfState(code: string): Outage | null {
  for (const [pattern, outage] of states) if (pattern.test(code)) return outage;
  return null;
}

/** What an error that a connection to the database gave says of the database; null: nothing. */
export function outageOfDatabase(error: unknown, { readOnly = false } = {}): Outage | null {
  if (typeof error !== 'object' || error === null) return null;
  const mark = marks.get(error);
  if (mark !== undefined) return mark.outage;
  if (!(error instanceof Error)) return null;
  const { code, severity, message } = error as Error & { code?: unknown; severity?: unknown };
  if (typeof code === 'string') {
    // In a unit that may change nothing it is the kernel's own refusal.
    if (code === READ_ONLY) return readOnly ? null : 'read-only';
    if (code === IDLE_IN_TRANSACTION) return null;
    if (severity === undefined) return ofSystem.test(code) ? 'unreachable' : null;
    return outageOfState(code) ?? (severity === 'FATAL' || severity === 'PANIC' ? 'unreachable' : null);
  }
  return ofDriver.test(message) ? 'unreachable' : null;
}

/** The same for an error of whatever origin: a plugin may have met it elsewhere than at the database. */
export function outageOf(error: unknown): Outage | null {
  if (typeof error !== 'object' || error === null) return null;
  return marks.get(error)?.outage ?? (error instanceof pg.DatabaseError ? outageOfDatabase(error, { readOnly: true }) : null);
}

/** Marks whatever was thrown by work that the database failed: it says nothing of the code that threw it. */
export function markOutage(error: unknown, outage: Outage, unsure = false): void {
  if (typeof error === 'object' && error !== null && !marks.has(error)) marks.set(error, { outage, unsure });
}

/** Marks why no connection could be had, and returns it. */
export function markConnecting<E>(error: E): E {
  markOutage(error, outageOfDatabase(error) ?? 'unreachable');
  return error;
}

export const isOutage = (error: unknown): boolean => outageOf(error) !== null;

/** Whether what it interrupted was stored is not known. */
export const isUnsure = (error: unknown): boolean =>
  typeof error === 'object' && error !== null && marks.get(error)?.unsure === true;

/** Must the connection that gave it not be used again? */
export function losesConnection(error: unknown, readOnly = false): boolean {
  const outage = outageOfDatabase(error, { readOnly });
  if (outage === 'unreachable' || outage === 'read-only') return true;
  return (error as { code?: unknown } | null)?.code === IDLE_IN_TRANSACTION;
}

/** What an operator can do about it. */
export const mendOfOutage: Record<Outage, string> = {
  unreachable: 'Look at the database server of DATABASE_URL: that it runs, takes connections and can be reached from here.',
  crowded:
    'The database server has no connections or memory left: compare max_connections with processes × (DATABASE_CONNECTIONS + 1).',
  full: "The database's disk is full or fails: make room, or look at the server's own log.",
  'read-only': 'DATABASE_URL leads to a standby: let it lead to the server that takes writes (target_session_attrs, a proxy).',
  locked: 'Somebody holds a lock for long: see pg_stat_activity and pg_blocking_pids(), and end that session.',
  slow: 'A statement took longer than REQUEST_STATEMENT_SECONDS or JOB_STATEMENT_SECONDS allow: the server has too much to do, or a query needs an index.',
};
