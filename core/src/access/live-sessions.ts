import { createHash } from 'node:crypto';
import type pg from 'pg';
import type { RoleGrant } from '../contract/principal.js';
import type { Session } from '../contract/services.js';
import type { Lead } from '../database/batch.js';
import { kernelIdentity } from '../database/settings.js';
import type { Unit } from '../database/unit.js';

/** A session ends after this long without a request. */
export const IDLE_MINUTES = 120;
/** Sessions that one process remembers at most, twice over. */
const REMEMBERED = 5_000;
const REMEMBERED_MS = 60_000;

const sessionIdPattern = /^[A-Za-z0-9_-]{43}$/;

export interface LiveSession extends Session {
  hash: Buffer;
  roles: RoleGrant[];
}

/** A session as it last was; `opening` goes ahead of what is done on its word, and finds out whether it still is so. */
export interface RecalledSession {
  session: LiveSession;
  opening: Lead;
  confirmed: boolean;
}

interface Known {
  session: LiveSession;
  /** The row it was read from. */
  text: string;
}

export const hashOf = (id: string): Buffer => createHash('sha256').update(id).digest();

/** null for what cannot be a session's id. */
const hashOfCookie = (id: string | undefined): Buffer | null =>
  id === undefined || !sessionIdPattern.test(id) ? null : hashOf(id);

const lookUp = `
  select (seen_at < now() - interval '1 minute')::text, person_id::text, display_name, language, extract(epoch from expires_at)::text,
    coalesce((select json_agg(json_build_object('school', g.school_id, 'role', g.role))
              from kernel.role_grants g where g.person_id = s.person_id), '[]')::text
  from kernel.sessions s
  where id_hash = $1 and expires_at > now() and seen_at > now() - interval '${IDLE_MINUTES} minutes'`;
type Row = readonly [stale: string, person: string, name: string, language: string | null, expires: string, roles: string];

/**
 * The sessions of those who ask. The database alone knows who is signed in, and is asked for each request. What it said last is
 * remembered for a minute or two, so that a request that changes nothing need not wait for the answer before it begins.
 */
export class LiveSessions {
  /** By hash. Two generations: who does not come back within the second is forgotten. */
  #young = new Map<string, Known>();
  #old = new Map<string, Known>();
  #turnedAt = 0;

  constructor(private readonly database: Pick<pg.Pool, 'query'>) {}

  async find(unit: Unit, id: string | undefined): Promise<LiveSession | null> {
    const hash = hashOfCookie(id);
    if (hash === null) return null;
    const { rows } = await unit.query(kernelIdentity, { text: lookUp, values: [hash], rowMode: 'array' });
    const row = rows[0] as unknown as Row | undefined;
    if (row === undefined) return null;
    const [stale, personId, displayName, language, expires, roles] = row;
    const expiresAt = new Date(Number(expires) * 1_000);
    const session = { hash, personId, displayName, language, expiresAt, roles: JSON.parse(roles) as RoleGrant[] };
    this.#remember(hash, { session, text: textOf(row) });
    if (stale === 'true') unit.afterCommit(() => this.#touch(hash));
    return session;
  }

  /** null: to be found first. */
  recall(id: string | undefined): RecalledSession | null {
    const hash = hashOfCookie(id);
    if (hash === null) return null;
    this.#turn();
    const key = hash.toString('latin1');
    const known = this.#young.get(key) ?? this.#old.get(key);
    if (known === undefined) return null;
    this.#young.set(key, known);
    const recalled: RecalledSession = {
      session: known.session,
      confirmed: false,
      opening: {
        name: 'ilearn_session',
        text: lookUp,
        values: [`\\x${hash.toString('hex')}`],
        judge: (row) => {
          recalled.confirmed = row !== null && textOf(row as Row) === known.text;
          if (recalled.confirmed && row?.[0] === 'true') void this.#touch(hash);
          if (recalled.confirmed) return null;
          this.#young.delete(key);
          this.#old.delete(key);
          return new Error('the session is no longer what it was');
        },
      },
    };
    return recalled;
  }

  #remember(hash: Buffer, known: Known): void {
    this.#turn();
    this.#young.set(hash.toString('latin1'), known);
  }

  #turn(): void {
    const now = performance.now();
    if (this.#young.size < REMEMBERED && now - this.#turnedAt < REMEMBERED_MS) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#turnedAt = now;
  }

  /** Keeps a session from idling out; if that fails, the next request does it. */
  async #touch(hash: Buffer): Promise<void> {
    await this.database.query('update kernel.sessions set seen_at = now() where id_hash = $1', [hash]).catch(() => {});
  }
}

const textOf = ([, ...row]: Row): string => row.join('\n');
