import { Queue, Worker } from 'bullmq';
import type pg from 'pg';
import type { RedisAddress } from '../../config/redis-address.js';
import type { Logger } from '../../contract/services.js';
import { type Deliver, type JobEngine, STOP_MS, type Task } from './engine.js';
import { connectRedis, type RedisConnection } from './redis-connection.js';

/** The braces are a hash tag: Redis Cluster keeps keys with the same tag on one node, which BullMQ's scripts need. */
const PREFIX = '{ilearn}';
/** A worker's lock on a task expires this long after the worker died. */
const LOCK_MS = 6_000;
/** Time limit for Redis to answer a health check. */
const PING_MS = 300;
/** Time limit for Redis to become reachable during a start. */
const FIRST_MS = 2_000;

/** The job engine on Redis. Redis holds only the ids of due tasks. */
export class BullMqEngine implements JobEngine {
  readonly name = 'bullmq';
  readonly #redis: RedisConnection;
  #queue: Queue | null = null;
  #worker: Worker | null = null;
  readonly #workerRedis: RedisConnection[] = [];
  #handling = 0;
  #away = false;
  #stopping = false;

  /** @param queueName unique for this portal, because several portals may share one Redis */
  constructor(
    private readonly address: RedisAddress,
    private readonly queueName: string,
    private readonly log: Logger,
  ) {
    this.#redis = connectRedis(address, 'asking');
    this.#redis.on('error', (error: Error) => this.#noteAway(error));
    this.#redis.on('close', () => this.#noteAway());
    this.#redis.on('ready', () => {
      if (this.#away) log.info({}, 'Redis can be reached again');
      this.#away = false;
    });
  }

  /** Waits briefly for Redis. If it is unreachable, the portal still serves and messages wait in the database. */
  async start(): Promise<void> {
    if (this.#redis.status === 'ready') return;
    await new Promise<void>((resolve) => {
      const timer = setTimeout(resolve, FIRST_MS);
      this.#redis.once('ready', () => {
        clearTimeout(timer);
        resolve();
      });
    });
  }

  room(): number {
    return Number.POSITIVE_INFINITY;
  }

  async take(_client: pg.ClientBase, tasks: readonly Task[]): Promise<void> {
    await this.#connected().addBulk(
      tasks.map(({ id, message }) => ({
        name: 'message',
        data: { message },
        opts: { jobId: id, removeOnComplete: true, removeOnFail: true },
      })),
    );
  }

  async known(_client: pg.ClientBase, taskIds: readonly string[]): Promise<Set<string>> {
    const queue = this.#connected();
    const pipeline = this.#redis.pipeline();
    for (const id of taskIds) {
      pipeline.hexists(queue.toKey(id), 'data');
      pipeline.hexists(queue.toKey(id), 'processedOn');
      pipeline.exists(`${queue.toKey(id)}:lock`);
    }
    const answers = ((await pipeline.exec()) ?? []).map(([error, answer]) => {
      if (error !== null) throw error;
      return answer === 1;
    });
    return new Set(
      taskIds.filter((_, index) => {
        const [there, begun, held] = answers.slice(index * 3, index * 3 + 3);
        return there === true && (begun === false || held === true);
      }),
    );
  }

  async work(deliver: Deliver, concurrency: number): Promise<void> {
    const redis = connectRedis(this.address, 'working');
    this.#workerRedis.push(redis);
    // Errors are logged once, by the `asking` connection.
    redis.on('error', () => {});
    // BullMQ works on duplicates of the connection, and does not close one that never reached Redis.
    const duplicate = redis.duplicate.bind(redis) as (...options: unknown[]) => RedisConnection;
    redis.duplicate = ((...options: unknown[]) => {
      const copy = duplicate(...options);
      this.#workerRedis.push(copy);
      return copy;
    }) as never;
    this.#worker = new Worker<{ message: string }>(
      this.queueName,
      async ({ id = '', data }) => {
        this.#handling++;
        await deliver({ id, message: data.message }).finally(() => this.#handling--);
      },
      {
        connection: redis as never,
        prefix: PREFIX,
        concurrency,
        lockDuration: LOCK_MS,
        stalledInterval: LOCK_MS,
        // The sweep hands tasks of a killed worker over again, under new ids.
        maxStalledCount: 0,
        runRetryDelay: 1_000,
        skipVersionCheck: true,
      },
    );
    this.#worker.on('error', (error) => this.log.debug({ err: error.message }, 'job engine'));
  }

  /** Does nothing: Redis wakes BullMQ's workers. */
  nudge(): void {}

  /** Reads a key of the queue, so that in a cluster the node that holds the queue has to answer. */
  async reachable(): Promise<boolean> {
    if (this.#redis.status !== 'ready') return false;
    const answers = this.#redis.exists(`${PREFIX}:${this.queueName}:meta`).then(
      () => true,
      () => false,
    );
    let timer: NodeJS.Timeout | undefined;
    const hangs = new Promise<boolean>((resolve) => {
      timer = setTimeout(resolve, PING_MS, false);
    });
    return Promise.race([answers, hangs]).finally(() => clearTimeout(timer));
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    const worker = this.#worker;
    if (worker !== null) {
      await Promise.race([worker.close().catch(() => {}), this.#settled()]);
      for (const redis of this.#workerRedis) redis.disconnect();
    }
    await this.#queue?.close().catch(() => {});
    this.#redis.disconnect();
  }

  /** Resolves when BullMQ has settled, or after a time limit: without Redis, a worker cannot report completion and would wait forever. */
  async #settled(): Promise<void> {
    const deadline = performance.now() + STOP_MS;
    while (performance.now() < deadline && (this.#handling > 0 || this.#redis.status === 'ready')) {
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  /** Creates the queue when Redis is first reachable; if it were created earlier, BullMQ would wait for Redis indefinitely. */
  #connected(): Queue {
    if (this.#redis.status !== 'ready') throw new Error('Redis cannot be reached');
    if (this.#queue === null) {
      this.#queue = new Queue(this.queueName, { connection: this.#redis as never, prefix: PREFIX, skipVersionCheck: true });
      this.#queue.on('error', (error) => this.log.debug({ err: error.message }, 'job engine'));
    }
    return this.#queue;
  }

  /** Logs that Redis is unreachable once, not at each reconnection attempt. */
  #noteAway(error?: Error & { code?: string }): void {
    if (this.#away || this.#stopping) return;
    this.#away = true;
    this.log.warn({ err: error?.code ?? error?.message }, 'Redis cannot be reached; messages wait in the database');
  }
}
