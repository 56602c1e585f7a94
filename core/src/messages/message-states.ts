import type { MessageState } from '../contract/operations.js';
import type { DatabaseHome } from '../database/homes/home.js';

/** Namespace of the advisory locks that mark running messages; an arbitrary number that nothing else uses. */
const LOCKS = 1_768_711_534;
const ordinal = '(position & 2147483647)';

/**
 * Marks a message as running until the handler's transaction ends, in whatever way. Unlike the uncommitted deletion of the row, a shared
 * advisory lock is visible to other connections; it costs no write and blocks no one.
 */
export const markRunning = `pg_try_advisory_xact_lock_shared(${LOCKS}, ${ordinal}::int) as marked`;

/** SQL condition on a row `m` of `kernel.messages`, for a query that begins with {@link withMarks}. */
export const isMarked = `exists (select from marks where marks.ordinal = (m.position & 2147483647))`;
export const withMarks = `with marks as materialized (select objid::bigint as ordinal from pg_locks
  where locktype = 'advisory' and classid = ${LOCKS} and objsubid = 2
    and database = (select oid from pg_database where datname = current_database()))`;

/** SQL expression for the state of a row `m`. */
export const stateOf = `case when m.failed_at is not null then 'failed' when m.leased_until > now() or ${isMarked} then 'running'
  when m.attempts > 0 then 'retrying' when m.due_at > now() then 'delayed' else 'waiting' end`;

/** Number of messages in each state. */
export const countByState = `${withMarks} select ${stateOf} as state, count(*)::int as count from kernel.messages m group by 1`;

export type StateCounts = Record<MessageState, number>;

export function toCounts(rows: readonly { state: MessageState; count: number }[]): StateCounts {
  const counts: StateCounts = { waiting: 0, delayed: 0, retrying: 0, running: 0, failed: 0 };
  for (const { state, count } of rows) counts[state] = count;
  return counts;
}

/** The plugins whose messages may be handled, and those of their handlers that rest: `<plugin> event <name>`, `<plugin> job <name>`. */
export type Serving = [plugins: string[], resting: string[]];

/** SQL condition on a row of `kernel.messages`; a {@link Serving} is its first two parameters. */
export const mayBeHandled = `(plugin = any($1) and plugin || ' ' || kind || ' ' || name <> all($2))`;

/** Time limit of each of the two counts, which monitors call. */
const COUNT_MS = 1_000;

/** `held` counts messages whose plugin or handler is out of service. */
export async function countMessages({ ask }: DatabaseHome, serving: Serving): Promise<StateCounts & { held: number }> {
  const rows = await ask<{ state: MessageState; count: number }>(countByState, [], COUNT_MS);
  const [held] = await ask<{ held: number }>(
    `select count(*)::int as held from kernel.messages where failed_at is null and not ${mayBeHandled}`,
    serving,
    COUNT_MS,
  );
  return { ...toCounts(rows), held: held?.held ?? 0 };
}
