import type pg from 'pg';

/**
 * Repairs timestamps set while the database's clock was ahead by `seconds`; otherwise the rows would wait or live that much longer.
 * Sessions started in that period end, delayed work is due at once or after its own delay, and leases and locks are released.
 */
export async function settleAfterGoingBack(pool: Pick<pg.Pool, 'query'>, seconds: number): Promise<void> {
  const ahead = `> clock_timestamp() + interval '1 minute'`;
  const statements: [sql: string, values?: unknown[]][] = [
    [`delete from kernel.sessions where created_at ${ahead}`],
    // With a `seen_at` in the future they would never idle out.
    [`update kernel.sessions set seen_at = clock_timestamp() where seen_at ${ahead}`],
    [
      `update kernel.messages set created_at = created_at - make_interval(secs => $1), due_at = due_at - make_interval(secs => $1)
       where created_at ${ahead} and failed_at is null`,
      [seconds],
    ],
    [`update kernel.messages set due_at = clock_timestamp() where attempts > 0 and failed_at is null and due_at ${ahead}`],
    [`update kernel.erasures set next_at = clock_timestamp() where next_at ${ahead}`],
    [`update kernel.erasures set held_until = clock_timestamp() where held_until ${ahead}`],
    // Running processes write their rows again.
    [`delete from kernel.processes where seen_at ${ahead}`],
  ];
  for (const [sql, values] of statements) await pool.query(sql, values);
}
