import type pg from 'pg';

/** Where a server stands in the write-ahead log, and of which history. */
export interface Place extends pg.QueryResultRow {
  /** Bytes since the beginning of the write-ahead log; null if the server is not of the kind that was asked for. */
  position: string | null;
  /** Identifies the cluster, which a physical replica has in common with its primary server. */
  cluster: string;
  /** Object identifier of the database, which is also the same on both. */
  database: string;
  /** Eight hexadecimal digits; each promotion and each point-in-time recovery begins another timeline. Null as `position`. */
  timeline: string | null;
  /** When the server process started: tells apart the servers that one address may lead to. */
  server: string;
}

/** SQL: text that no two servers have in common. */
export const startOfServer = 'select pg_catalog.pg_postmaster_start_time()::pg_catalog.text';

const placeOf = (inRecovery: boolean, lsn: string, timeline: string) => `
  select case when pg_catalog.pg_is_in_recovery() operator(pg_catalog.=) ${inRecovery}
      then (${lsn} operator(pg_catalog.-) '0/0'::pg_catalog.pg_lsn)::pg_catalog.text end as position,
    case when pg_catalog.pg_is_in_recovery() operator(pg_catalog.=) ${inRecovery} then ${timeline} end as timeline,
    system_identifier::pg_catalog.text as cluster,
    (select oid::pg_catalog.text from pg_catalog.pg_database
      where datname operator(pg_catalog.=) pg_catalog.current_database()) as database,
    (${startOfServer}) as server
  from pg_catalog.pg_control_system()`;

/** SQL: how far the primary server has written. */
export const writtenTo = placeOf(
  false,
  'pg_catalog.pg_current_wal_lsn()',
  'pg_catalog.substr(pg_catalog.pg_walfile_name(pg_catalog.pg_current_wal_lsn()), 1, 8)',
);

/**
 * SQL: how far a standby has applied it. Its timeline is that of its last restartpoint, so that it follows a promotion some minutes late and
 * is never ahead of what was applied.
 */
export const appliedTo = placeOf(
  true,
  'pg_catalog.pg_last_wal_replay_lsn()',
  `(select pg_catalog.lpad(pg_catalog.upper(pg_catalog.to_hex(greatest(c.timeline_id, r.min_recovery_end_timeline))), 8, '0')
      from pg_catalog.pg_control_checkpoint() c, pg_catalog.pg_control_recovery() r)`,
);

/** Whether both are of one database and one history. */
export const isSameHistory = (replica: Place, primary: Place): boolean =>
  replica.position !== null &&
  primary.position !== null &&
  replica.cluster === primary.cluster &&
  replica.database === primary.database &&
  replica.timeline === primary.timeline;
