import type pg from 'pg';
import type { DatabaseHome } from '../database/homes/home.js';

/** One published message, in the order in which units of work committed. */
export interface LiveMessage {
  position: number;
  topic: string;
  /** JSON. */
  payload: string;
}

/** Revoked roles and ended sessions; see the migration `0014_live`. */
export const RIGHTS = 'kernel.rights';

/** Where a page continues. */
export interface Since {
  /** The position of the last message that it received. */
  position?: number;
  /** Alternatively: messages published in this number of seconds before now. If both are given, messages that match either. */
  seconds?: number;
}

export interface CaughtUp {
  messages: LiveMessage[];
  /** Messages after that position were deleted or are too many: the page has to load everything again. */
  reset: boolean;
}

/** Maximum number of messages that a page catches up with one by one. */
export const MOST_CAUGHT_UP = 500;

/** Reads `kernel.live_messages`, the log of the last ten minutes. */
export class LiveLog {
  constructor(private readonly home: Pick<DatabaseHome, 'pool'>) {}

  /** The position of the last committed message. */
  async last(): Promise<number> {
    const { rows } = await this.home.pool.query<{ last: string }>('select kernel.number_live_messages() as last');
    return Number(rows[0]?.last ?? 0);
  }

  async after(position: number, most: number): Promise<LiveMessage[]> {
    const { rows } = await this.home.pool.query<{ at: string; about: string; content: string }>(
      'select at, about, content from kernel.live_after($1, $2)',
      [position, most],
    );
    return rows.map(({ at, about, content }) => ({ position: Number(at), topic: about, payload: content }));
  }

  /** The position up to which messages were deleted. */
  async purged(): Promise<number> {
    const { rows } = await this.home.pool.query<{ purged: string }>('select purged from kernel.live_log');
    return Number(rows[0]?.purged ?? 0);
  }

  /**
   * The messages that a page missed on its topics, up to `until`, after which they are dispatched live. One statement, so that nothing is
   * deleted in between.
   */
  async missed(topics: readonly string[], { position = -1, seconds = 0 }: Since, until: number): Promise<CaughtUp> {
    const { rows } = await this.home.pool.query<pg.QueryResultRow>(
      `select l.last, l.purged, m.position, m.topic, m.payload::text as payload
       from kernel.live_log l left join kernel.live_messages m on m.topic = any($1) and m.position <= $2::bigint
         and (($3::bigint >= 0 and m.position > $3::bigint) or ($4::float8 > 0 and m.numbered_at >= now() - make_interval(secs => $4::float8)))
       order by m.position limit ${MOST_CAUGHT_UP + 1}`,
      [topics, until, position, seconds],
    );
    const messages = rows.flatMap((row) =>
      row['position'] === null
        ? []
        : [{ position: Number(row['position']), topic: row['topic'] as string, payload: row['payload'] as string }],
    );
    const [first] = rows;
    const unknown = position >= 0 && (position < Number(first?.['purged'] ?? 0) || position > Number(first?.['last'] ?? 0));
    const reset = unknown || messages.length > MOST_CAUGHT_UP;
    return { messages: reset ? [] : messages, reset };
  }

  /** Deletes messages older than ten minutes. */
  async purge(): Promise<void> {
    await this.home.pool.query('select kernel.purge_live_messages()');
  }

  /** Those of these sessions (given by handle) that have ended or expired. */
  async ended(handles: readonly string[], idleMinutes: number): Promise<string[]> {
    const { rows } = await this.home.pool.query<{ handle: string }>(
      `select handle from unnest($1::uuid[]) as asked (handle) where not exists (
         select from kernel.sessions s where s.handle = asked.handle and s.expires_at > now() and s.seen_at > now() - make_interval(mins => $2))`,
      [handles, idleMinutes],
    );
    return rows.map(({ handle }) => handle);
  }
}
