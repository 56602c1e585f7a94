import { hash as digest } from 'node:crypto';
import type pg from 'pg';
import type { Unit } from '../context/unit.js';
import type { RoleGrant } from '../contract/principal.js';
import type { AgeBand, Session } from '../contract/privileged.js';
import type { Precondition } from '../database/unit/precondition.js';
import { freezeGrants } from '../foundation/freeze.js';

/** A sensitive act needs a sign-in at most this long before. */
export const RECENT_MINUTES = 5;
/** A session ends after this long without a request. */
export const IDLE_MINUTES = 120;
/** Maximum number of sessions in each of the two generations of the cache. */
const REMEMBERED = 5_000;
const REMEMBERED_MS = 60_000;

const DUE = '!';
const sessionIdPattern = /^[A-Za-z0-9_-]{43}$/;

export interface LiveSession extends Session {
  hash: Buffer;
  roles: readonly RoleGrant[];
}

/** A cached session. `precondition` is checked with the first statement of the request that uses it, and sets `confirmed`. */
export interface CachedSession {
  session: LiveSession;
  precondition: Precondition;
  confirmed: boolean;
}

interface Known {
  session: LiveSession;
  /** The database's text from which the session was built. */
  facts: string;
}

export const hashOf = (id: string): Buffer => digest('sha256', id, 'buffer');

/** null if it cannot be a session id. */
const hashOfCookie = (id: string | undefined): Buffer | null =>
  id === undefined || !sessionIdPattern.test(id) ? null : hashOf(id);

/**
 * SQL: a session's data as JSON, preceded by a mark that says whether its `seen_at` is due to be updated; null if there is no live session.
 */
const lookUp = `(
  select case when seen_at < pg_catalog.now() - interval '1 minute' then '${DUE}' else ' ' end || pg_catalog.json_build_array(person_id, display_name, language,
    age_band, expires_at, handle, created_at, not fixed and created_at > pg_catalog.now() - interval '${RECENT_MINUTES} minutes'
      and coalesce(authenticated_at > pg_catalog.now() - interval '${RECENT_MINUTES} minutes', false), fixed, started_by, s.tenant_id, array(select pg_catalog.json_build_array(g.tenant_id, role) from kernel.role_grants g
      where g.person_id = s.person_id and (s.tenant_id is null or g.tenant_id is null or g.tenant_id = s.tenant_id)))::text
  from kernel.sessions s
  where id_hash = $1 and expires_at > pg_catalog.now() and seen_at > pg_catalog.now() - interval '${IDLE_MINUTES} minutes')`;
type Facts = [
  person: string,
  name: string,
  language: string | null,
  ageBand: AgeBand | null,
  expires: string,
  handle: string,
  started: string,
  recent: boolean,
  fixed: boolean,
  startedBy: string | null,
  tenant: string | null,
  roles: [tenant: string | null, role: string][],
];

function sessionOf(hash: Buffer, facts: string): LiveSession {
  const [personId, displayName, language, ageBand, expires, handle, started, recent, fixed, startedBy, tenant, roles] =
    JSON.parse(facts) as Facts;
  // Frozen, because it is cached for later requests and visible to plugins.
  const grants = freezeGrants(roles.map(([tenant, role]) => ({ tenant, role })));
  const times = { expiresAt: new Date(expires), startedAt: new Date(started) };
  return Object.freeze({
    hash,
    personId,
    displayName,
    language,
    ageBand,
    ...times,
    recent,
    fixed,
    startedBy,
    handle,
    tenant,
    roles: grants,
  });
}

/** The same look-up for background activity, such as an open stream: it does not count as use, so the session can still idle out. */
export async function watchSession(
  unit: Unit,
  session: { cookie: string | undefined } | { hash: Buffer },
): Promise<LiveSession | null> {
  const hash = 'hash' in session ? session.hash : hashOfCookie(session.cookie);
  if (hash === null) return null;
  const { rows } = await unit.kernel<{ answer: string | null }>(`select ${lookUp} as answer`, [hash]);
  const answer = rows[0]?.answer ?? null;
  return answer === null ? null : sessionOf(hash, answer.slice(1));
}

/**
 * Looks up the sessions of requests. Only the database knows who is signed in, and it is asked for each request. The last answer is cached
 * for one to two minutes, so that a read-only request can begin before the database answers.
 */
export class LiveSessions {
  /** By hash. Two generations: an entry that is not used for a whole generation is dropped. */
  #young = new Map<string, Known>();
  #old = new Map<string, Known>();
  #turnedAt = 0;

  constructor(private readonly database: Pick<pg.Pool, 'query'>) {}

  async find(unit: Unit, id: string | undefined): Promise<LiveSession | null> {
    const hash = hashOfCookie(id);
    if (hash === null) return null;
    const { rows } = await unit.kernel<{ answer: string | null }>(`select ${lookUp} as answer`, [hash]);
    const answer = rows[0]?.answer ?? null;
    if (answer === null) return null;
    const facts = answer.slice(1);
    const session = sessionOf(hash, facts);
    this.#remember(hash, { session, facts });
    if (answer.startsWith(DUE)) unit.afterCommit(() => this.#touch(hash));
    return session;
  }

  /** null if the session is not cached and must be looked up first. */
  cached(id: string | undefined): CachedSession | null {
    const hash = hashOfCookie(id);
    if (hash === null) return null;
    this.#turn();
    const key = hash.toString('hex');
    const known = this.#young.get(key) ?? this.#old.get(key);
    if (known === undefined) return null;
    this.#young.set(key, known);
    const cached: CachedSession = {
      session: known.session,
      confirmed: false,
      precondition: {
        name: 'session',
        question: lookUp,
        value: `\\x${key}`,
        judge: (answer) => {
          cached.confirmed = answer?.slice(1) === known.facts;
          if (cached.confirmed && answer?.startsWith(DUE)) void this.#touch(hash);
          if (cached.confirmed) return null;
          this.#young.delete(key);
          this.#old.delete(key);
          return new Error('the session has changed or ended');
        },
      },
    };
    return cached;
  }

  #remember(hash: Buffer, known: Known): void {
    this.#turn();
    this.#young.set(hash.toString('hex'), known);
  }

  #turn(): void {
    const now = performance.now();
    if (this.#young.size < REMEMBERED && now - this.#turnedAt < REMEMBERED_MS) return;
    this.#old = this.#young;
    this.#young = new Map();
    this.#turnedAt = now;
  }

  /** Updates `seen_at`, so that the session does not idle out. If that fails, the next request does it. */
  async #touch(hash: Buffer): Promise<void> {
    await this.database.query('update kernel.sessions set seen_at = now() where id_hash = $1', [hash]).catch(() => {});
  }
}
