import type pg from 'pg';

/**
 * After the database's clock went back by so many seconds: what was stamped while it was ahead would wait for as long, or live as long,
 * as it was wrong. Sessions of that time end, what waits comes at once or at its delay, who held something then has let go.
 */
export async function settleAfterGoingBack(pool: Pick<pg.Pool, 'query'>, seconds: number): Promise<void> {
  const ahead = `> clock_timestamp() + interval '1 minute'`;
  const statements: [sql: string, values?: unknown[]][] = [
    [`delete from kernel.sessions where created_at ${ahead}`],
    // Seen in the future, they would never idle out.
    [`update kernel.sessions set seen_at = clock_timestamp() where seen_at ${ahead}`],
    [
      `update kernel.messages set created_at = created_at - make_interval(secs => $1), due_at = due_at - make_interval(secs => $1)
       where created_at ${ahead} and failed_at is null`,
      [seconds],
    ],
    [`update kernel.messages set due_at = clock_timestamp() where attempts > 0 and failed_at is null and due_at ${ahead}`],
    [`update kernel.erasures set next_at = clock_timestamp() where next_at ${ahead}`],
    [`update kernel.erasures set held_until = clock_timestamp() where held_until ${ahead}`],
    // Those that live write theirs again.
    [`delete from kernel.processes where seen_at ${ahead}`],
  ];
  for (const [sql, values] of statements) await pool.query(sql, values);
}
