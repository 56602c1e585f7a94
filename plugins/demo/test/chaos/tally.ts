import { setTimeout as pause } from 'node:timers/promises';
import type { Sent } from './load.js';

/** Reads the database without row-level security. */
export interface Reader {
  query<Row extends Record<string, unknown>>(sql: string, values?: unknown[]): Promise<Row[]>;
}

/** Compares the database with the successful responses (2xx), after everything accepted has been processed. */
export interface Tally {
  requests: number;
  /** Number of responses other than 2xx, by status and reason: `503 /problems/database-busy`. Status 0: cut off, refused or timed out. */
  reasons: Record<string, number>;
  /** Writes answered with 2xx without a row. */
  lost: number;
  /** Writes with more than one row. */
  twice: number;
  /** Scores answered with 2xx that are not an attempt on the class board. */
  triesMissing: number;
  /** Writes answered with 2xx without an entry in the audit log. */
  auditMissing: number;
  /** Messages that the portal no longer retries by itself. */
  stuck: number;
}

const SETTLE_SECONDS = 90;

/** Waits until no message is left that the portal processes by itself. */
export async function settled(database: Reader, seconds = SETTLE_SECONDS): Promise<void> {
  for (const deadline = Date.now() + seconds * 1_000; ; await pause(250)) {
    const [row] = await database.query<{ open: number }>(
      "select count(*)::int as open from kernel.messages where failed_at is null and due_at <= now() + interval '1 hour'",
    );
    if (row?.open === 0) return;
    if (Date.now() > deadline) throw new Error(`${row?.open} messages were still waiting after ${seconds} s`);
  }
}

export async function tally(database: Reader, sent: readonly Sent[]): Promise<Tally> {
  const told = sent.filter(({ status }) => status >= 200 && status < 300);
  const reasons: Record<string, number> = {};
  for (const { status, reason } of sent.filter((each) => !told.includes(each))) {
    reasons[`${status} ${reason}`] = (reasons[`${status} ${reason}`] ?? 0) + 1;
  }
  const ids = sent.map(({ id }) => id);
  const count = async (sql: string) => {
    const rows = await database.query<{ id: string; rows: number }>(
      `select id, count(*)::int as rows from (${sql}) r group by id`,
      [ids],
    );
    return new Map(rows.map(({ id, rows }) => [id, rows]));
  };
  const paths = await count('select title as id from myway.paths where title = any($1)');
  const scores = await count('select comment as id from lti.scores where comment = any($1)');
  const tries = await count('select comment as id from myway.attempts where comment = any($1)');
  const audited = await count('select request_id as id from kernel.audit_entries where request_id = any($1)');
  const writes = told.filter(({ kind }) => kind !== 'board');
  const stored = ({ id, kind }: Sent) => (kind === 'path' ? paths : scores).get(id) ?? 0;
  const [stuck] = await database.query<{ stuck: number }>(
    'select count(*)::int as stuck from kernel.messages where failed_at is not null',
  );
  return {
    requests: sent.length,
    reasons,
    lost: writes.filter((each) => stored(each) === 0).length,
    twice: sent.filter((each) => stored(each) > 1 || (tries.get(each.id) ?? 0) > 1).length,
    triesMissing: writes.filter(({ id, kind }) => kind === 'score' && !tries.has(id)).length,
    auditMissing: writes.filter(({ id }) => !audited.has(id)).length,
    stuck: stuck?.stuck ?? 0,
  };
}
