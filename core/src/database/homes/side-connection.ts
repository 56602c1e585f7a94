import type pg from 'pg';

/** The connection is closed after this long without a query. */
const IDLE_MS = 60_000;
/**
 * The connection is closed after this long without an answer. Before that, a late answer is likely to arrive sooner than a new connection
 * opens.
 */
const GIVE_UP_MS = 5_000;

export class NoAnswer extends Error {
  constructor(ms: number) {
    super(`the database did not answer within ${ms} ms`);
    this.name = 'NoAnswer';
  }
}

/** Runs a query in bounded time: resolves with the rows, or rejects after `ms` milliseconds. */
export type Ask = <R extends pg.QueryResultRow>(text: string, values: unknown[], ms: number) => Promise<R[]>;

interface Asked {
  client: pg.Client;
  /** Settles when the connection is open. */
  open: Promise<unknown>;
  /** When it stopped answering in time; null if it answers. */
  lateSince: number | null;
}

/**
 * A connection outside the pool, for health checks and operators: it works while requests hold all others. A connection that has not
 * answered for seconds is closed, and the next query opens a new one.
 */
export class SideConnection {
  #asked: Asked | null = null;
  #idle: NodeJS.Timeout | null = null;
  #closed = false;

  constructor(private readonly create: () => { client: pg.Client; open: Promise<unknown> }) {}

  readonly ask: Ask = async (text, values, ms) => {
    if (this.#closed) throw new Error('the portal has closed its database');
    const asked = this.#asked ?? { ...this.create(), lateSince: null };
    this.#asked = asked;
    if (this.#idle !== null) clearTimeout(this.#idle);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new NoAnswer(ms)), ms);
    });
    try {
      const answer = asked.open.then(() => asked.client.query(text, values));
      answer.catch(() => {});
      const { rows } = await Promise.race([answer, late]);
      asked.lateSince = null;
      return rows;
    } catch (error) {
      const now = performance.now();
      asked.lateSince ??= now;
      if (!(error instanceof NoAnswer) || now - asked.lateSince >= GIVE_UP_MS) this.#drop(asked);
      throw error;
    } finally {
      clearTimeout(timer);
      this.#idle = setTimeout(() => this.#drop(asked), IDLE_MS);
      this.#idle.unref();
    }
  };

  close(): void {
    this.#closed = true;
    if (this.#idle !== null) clearTimeout(this.#idle);
    if (this.#asked !== null) this.#drop(this.#asked);
  }

  /** Destroys the socket instead of closing the connection, which would wait for a hanging server. */
  #drop(asked: Asked): void {
    if (this.#asked === asked) this.#asked = null;
    (asked.client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy();
  }
}

/** The same for PGlite's only connection: a query waits behind the work that holds it, and identical queries share one result. */
export function askInTurn(pool: pg.Pool): Ask {
  const waiting = new Map<string, Promise<pg.QueryResult>>();
  return async (text, values, ms) => {
    const key = JSON.stringify([text, values]);
    const answer = waiting.get(key) ?? pool.query(text, values);
    waiting.set(key, answer);
    const done = () => waiting.delete(key);
    answer.then(done, done);
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new NoAnswer(ms)), ms);
    });
    try {
      return (await Promise.race([answer, late])).rows as never;
    } finally {
      clearTimeout(timer);
    }
  };
}
