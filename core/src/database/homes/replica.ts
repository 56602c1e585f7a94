import pg from 'pg';
import { kernelSocket } from '../../context/kernel-sockets.js';
import type { DatabaseHome } from './home.js';
import { destroy, endPool, openPool } from './open-pool.js';
import { PreparedNames } from './prepared-statements.js';
import { PoolerRefused, refusePooler } from './refuse-pooler.js';
import { ReplicaConnections } from './replica-connections.js';
import { appliedTo, isSameHistory, type Place, startOfServer, writtenTo } from './replica-place.js';
import { configureSession } from './session.js';
import type { WorkLimits } from './session-settings.js';
import { type Ask, SideConnection } from './side-connection.js';

/** What the replica shows is at most this old, else it is not read. */
export const MOST_BEHIND_MS = 3_000;
const LOOK_MS = 500;
const ANSWER_MS = 1_000;
const CONNECT_MS = 2_000;
/** Maximum time to find out whether a pooler is in between. */
const POOLER_MS = 5_000;
/** An address that led to more than one server is not read for this long. */
const SEVERAL_MS = 60_000;

/**
 * What a replica is good for.
 *
 * - `behind`: it has not applied what the primary server wrote a few seconds ago
 * - `another`: it is no standby, or of another server, database or history
 * - `several`: the address leads to more than one server
 * - `pooler`: a pooler that does not keep sessions is in between
 */
export type ReplicaState = 'used' | 'behind' | 'unreachable' | 'another' | 'several' | 'pooler';

/** What an operator can do about it. */
export const remedyOfReplica: Record<Exclude<ReplicaState, 'used'>, string> = {
  behind:
    'The primary server is read until the replica has caught up: look at pg_stat_replication there, and at the load of the replica.',
  unreachable:
    'The primary server is read. Check that the server of READ_DATABASE_URL runs, accepts connections and can be reached from here.',
  another:
    'READ_DATABASE_URL must name a physical replica (hot standby) of the server of DATABASE_URL, and the same database. After that server ' +
    'was restored or replaced, build the replica anew; one that follows a promoted server is read after its next checkpoint.',
  several: 'READ_DATABASE_URL must lead to one server: name that server instead of an address that spreads connections.',
  pooler:
    "READ_DATABASE_URL must name the server's own address, or a pooler with pool_mode = session; then start the portal again.",
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

class OtherServer extends Error {}

/**
 * A physical replica (hot standby) of the database, read by units of work that allow it while it is fresh: while it has applied everything
 * that the primary server had written `MOST_BEHIND_MS` ago. Compares positions in the write-ahead log, and no clocks of machines. What is
 * not certain counts against it: then the primary server answers.
 */
export class Replica {
  /** For units of work. */
  readonly home: Pick<DatabaseHome, 'prepared' | 'lanes' | 'limits'>;
  readonly #pool: pg.Pool;
  readonly #aside: SideConnection;
  readonly #clients = new Set<pg.PoolClient>();
  readonly #written: Written[] = [];
  #freshAt = Number.NEGATIVE_INFINITY;
  /** The server that the side connection has reached. */
  #server: string | null = null;
  /** The server that was ahead of the primary server, so that its history is another one. */
  #ahead: string | null = null;
  /** The server that a connection reached, if it was another one. */
  #strayed: string | null = null;
  #severalUntil = Number.NEGATIVE_INFINITY;
  /** null: not known yet. */
  #hasPooler: boolean | null = null;
  #state: ReplicaState | null = null;
  #startedAt = 0;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(private readonly options: ReplicaOptions) {
    const { url, connections, limits } = options;
    this.#pool = openPool({ url, connections, limits, connectMs: CONNECT_MS, check: (client) => this.#check(client) });
    this.#pool.on('connect', (client) => this.#clients.add(client as pg.PoolClient));
    this.#pool.on('remove', (client) => this.#clients.delete(client as pg.PoolClient));
    this.home = { prepared: new PreparedNames(), lanes: new ReplicaConnections(this.#pool, () => this.isFresh), limits };
    this.#aside = new SideConnection(() => {
      const client = new pg.Client({ connectionString: url, application_name: 'ilearn looks', stream: kernelSocket });
      client.on('error', () => {});
      return { client, open: client.connect().then(() => configureSession(client, limits.usual)) };
    });
  }

  /** Begins to compare it with the primary server; before that it is not fresh. */
  start(): void {
    this.#startedAt = performance.now();
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
    this.#forget();
    this.#abandon();
    await endPool(this.#pool);
  }

  async #look(): Promise<void> {
    const state = await this.#find().catch(() => 'unreachable' as const);
    if (this.#closed) return;
    if (!this.isFresh) this.#abandon();
    // At its start it needs a few comparisons until it is seen to keep up.
    const begins = this.#state === null && state === 'behind' && performance.now() - this.#startedAt < MOST_BEHIND_MS;
    if (state !== this.#state && !begins) {
      this.#state = state;
      this.options.changed(state);
    }
    this.#timer = setTimeout(() => void this.#look(), LOOK_MS).unref();
  }

  async #find(): Promise<ReplicaState> {
    // Asked first: an honest replica is not ahead of what the primary server has written later.
    const [replica] = await this.#aside.ask<Place>(appliedTo, [], ANSWER_MS);
    if (replica === undefined) return 'unreachable';
    if (replica.server !== this.#server) {
      this.#forget();
      this.#abandon();
      this.#server = replica.server;
    }
    const refusal = await this.#refuseAddress();
    if (refusal !== null) {
      this.#forget();
      return refusal;
    }
    const at = performance.now();
    const [primary] = await this.options.primary<Place>(writtenTo, [], ANSWER_MS).catch(() => []);
    // It does not answer, which says nothing about the replica.
    if (primary === undefined) return this.isFresh ? 'used' : 'behind';
    const applied = BigInt(replica.position ?? 0);
    const position = BigInt(primary.position ?? 0);
    // Once ahead, it stays refused until its server is replaced, since the primary server may reach the same position with other data.
    if (isSameHistory(replica, primary) && applied > position) this.#ahead = replica.server;
    if (!isSameHistory(replica, primary) || replica.server === this.#ahead) {
      this.#forget();
      return 'another';
    }
    this.#written.push({ position, at });
    while (this.#written[0] !== undefined && this.#written[0].position <= applied)
      this.#freshAt = (this.#written.shift() as Written).at;
    // What it applies later than this makes it no fresher.
    while (this.#written[0] !== undefined && at - this.#written[0].at > MOST_BEHIND_MS) this.#written.shift();
    return this.isFresh ? 'used' : 'behind';
  }

  /** Whether the address does not lead to one server, with a session for each connection. */
  async #refuseAddress(): Promise<'pooler' | 'several' | null> {
    if (this.#hasPooler === null) {
      try {
        await within(POOLER_MS, refusePooler(this.#pool, 'READ_DATABASE_URL'));
        this.#hasPooler = false;
      } catch (error) {
        if (error instanceof OtherServer) return 'several';
        if (!(error instanceof PoolerRefused)) throw error;
        this.#hasPooler = true;
      }
    }
    if (this.#hasPooler) return 'pooler';
    // The side connection has gone there too if the server was only started again.
    if (this.#strayed !== null && this.#strayed !== this.#server) this.#severalUntil = performance.now() + SEVERAL_MS;
    this.#strayed = null;
    return performance.now() < this.#severalUntil ? 'several' : null;
  }

  /** @throws OtherServer if the connection leads to another server than the one that is compared */
  async #check(client: pg.ClientBase): Promise<void> {
    const { rows } = await client.query<{ server: string }>(`select (${startOfServer}) as server`);
    const server = rows[0]?.server ?? null;
    if (server === this.#server) return;
    this.#strayed = server;
    throw new OtherServer('READ_DATABASE_URL has led to another server');
  }

  /** From now on it is not fresh, until it has been compared again. */
  #forget(): void {
    this.#freshAt = Number.NEGATIVE_INFINITY;
    this.#written.length = 0;
  }

  /** Ends its connections, so that the primary server answers the statements that wait for it. */
  #abandon(): void {
    for (const client of this.#clients) destroy(client);
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${ms} ms`)), ms);
  });
  await Promise.race([work, late]).finally(() => clearTimeout(timer));
}
