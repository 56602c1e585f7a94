import pg from 'pg';
import { kernelSocket } from '../../context/kernel-sockets.js';
import { ConnectionLanes } from './connection-lanes.js';
import type { DatabaseHome } from './home.js';
import { openPool } from './open-pool.js';
import { PreparedNames } from './prepared-statements.js';
import { configureSession } from './session.js';
import type { WorkLimits } from './session-settings.js';
import { type Ask, SideConnection } from './side-connection.js';

/** What the replica shows is at most this old, else it is not read. */
export const MOST_BEHIND_MS = 3_000;
const LOOK_MS = 500;
const ANSWER_MS = 1_000;
/** A replica that does not take a connection by then is not waited for: the primary server answers instead. */
const CONNECT_MS = 2_000;

/**
 * What a replica is good for.
 *
 * - `behind`: it has not applied what the primary server wrote a few seconds ago
 * - `another`: it is no standby, or of another database cluster
 */
export type ReplicaState = 'used' | 'behind' | 'unreachable' | 'another';

/** What an operator can do about it. */
export const remedyOfReplica: Record<Exclude<ReplicaState, 'used'>, string> = {
  behind:
    'The primary server is read until the replica has caught up: look at pg_stat_replication there, and at the load of the replica.',
  unreachable:
    'The primary server is read. Check that the server of READ_DATABASE_URL runs, accepts connections and can be reached from here.',
  another: 'READ_DATABASE_URL must name a physical replica (hot standby) of the server of DATABASE_URL, and the same database.',
};

/** A place in the write-ahead log of the primary server, and when it was written at the latest, by `performance.now()`. */
interface Written {
  position: bigint;
  at: number;
}

export interface ReplicaOptions {
  url: string;
  connections: number;
  limits: WorkLimits;
  /** Asks the primary server. */
  primary: Ask;
  /** Called with each change of the state. */
  changed(state: ReplicaState): void;
}

/**
 * A physical replica (hot standby) of the database, read by units of work that allow it while it is fresh: while it has applied everything
 * that the primary server had written `MOST_BEHIND_MS` ago. Compares positions in the write-ahead log, and no clocks of machines.
 */
export class Replica {
  /** For units of work. */
  readonly home: Pick<DatabaseHome, 'prepared' | 'lanes' | 'limits'>;
  readonly #pool: pg.Pool;
  readonly #aside: SideConnection;
  readonly #inUse = new Set<pg.PoolClient>();
  readonly #written: Written[] = [];
  #freshAt = Number.NEGATIVE_INFINITY;
  #state: ReplicaState | null = null;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(private readonly options: ReplicaOptions) {
    const { url, connections, limits } = options;
    this.#pool = openPool({ url, connections, limits, connectMs: CONNECT_MS });
    this.#pool.on('acquire', (client) => this.#inUse.add(client));
    this.#pool.on('release', (_error, client) => this.#inUse.delete(client as pg.PoolClient));
    this.home = { prepared: new PreparedNames(), lanes: new ConnectionLanes(this.#pool), limits };
    this.#aside = new SideConnection(() => {
      const client = new pg.Client({ connectionString: url, application_name: 'ilearn looks', stream: kernelSocket });
      client.on('error', () => {});
      return { client, open: client.connect().then(() => configureSession(client, limits.usual)) };
    });
  }

  /** Begins to compare it with the primary server; before that it is not fresh. */
  start(): void {
    void this.#look();
  }

  /** Whether it may be read now. */
  get isFresh(): boolean {
    return performance.now() - this.#freshAt <= MOST_BEHIND_MS;
  }

  get state(): ReplicaState {
    return this.#state === null || (this.#state === 'used' && !this.isFresh) ? 'behind' : this.#state;
  }

  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    this.#aside.close();
    this.#freshAt = Number.NEGATIVE_INFINITY;
    this.#abandon();
    await this.#pool.end();
  }

  async #look(): Promise<void> {
    const state = await this.#find().catch(() => 'unreachable' as const);
    if (this.#closed) return;
    if (!this.isFresh) this.#abandon();
    if (state !== this.#state) {
      this.#state = state;
      this.options.changed(state);
    }
    this.#timer = setTimeout(() => void this.#look(), LOOK_MS).unref();
  }

  async #find(): Promise<ReplicaState> {
    const at = performance.now();
    const [primary] = await this.options.primary<Place>(writtenTo, [], ANSWER_MS).catch(() => []);
    // Without the primary server nobody knows how old the replica is.
    if (primary === undefined) return this.isFresh ? 'used' : 'behind';
    if (primary.position === null) return 'another';
    this.#written.push({ position: BigInt(primary.position), at });
    const [replica] = await this.#aside.ask<Place>(appliedTo, [], ANSWER_MS);
    if (replica === undefined || replica.position === null || replica.cluster !== primary.cluster) {
      this.#freshAt = Number.NEGATIVE_INFINITY;
      return 'another';
    }
    const applied = BigInt(replica.position);
    while (this.#written[0] !== undefined && this.#written[0].position <= applied)
      this.#freshAt = (this.#written.shift() as Written).at;
    // What it applies later than this makes it no fresher.
    while (this.#written[0] !== undefined && at - this.#written[0].at > MOST_BEHIND_MS) this.#written.shift();
    return this.isFresh ? 'used' : 'behind';
  }

  /** Ends the statements that wait for it, so that the primary server answers them. */
  #abandon(): void {
    for (const client of this.#inUse)
      (client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  }
}

interface Place extends pg.QueryResultRow {
  /** Bytes since the beginning of the write-ahead log; null if the server is not of this kind. */
  position: string | null;
  /** Identifies the cluster, which a physical replica has in common with its primary server. */
  cluster: string;
}

/** SQL: where a server stands, if it is in recovery (a standby) or not. */
const placeOf = (inRecovery: boolean, lsn: string) => `
  select case when pg_catalog.pg_is_in_recovery() operator(pg_catalog.=) ${inRecovery}
    then (${lsn} operator(pg_catalog.-) '0/0'::pg_catalog.pg_lsn)::pg_catalog.text end as position,
    system_identifier::pg_catalog.text as cluster from pg_catalog.pg_control_system()`;
const writtenTo = placeOf(false, 'pg_catalog.pg_current_wal_lsn()');
const appliedTo = placeOf(true, 'pg_catalog.pg_last_wal_replay_lsn()');
