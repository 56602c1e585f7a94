import { createHash, randomBytes } from 'node:crypto';
import type { RoleGrant } from '../contract/principal.js';
import type { Session, Sessions } from '../contract/services.js';
import type { Unit } from '../database/unit.js';
import { currentFrame, type HttpExchange } from '../frame.js';

/** A session ends after this long without a request… */
const IDLE_MINUTES = 120;
/** …and in any case after a school day. */
const ABSOLUTE_HOURS = 12;

const sessionIdPattern = /^[A-Za-z0-9_-]{43}$/;

export interface LiveSession extends Session {
  hash: Buffer;
  roles: RoleGrant[];
}

const hashOf = (id: string): Buffer => createHash('sha256').update(id).digest();

/** Finds the live session that a cookie names, with the person's roles, in one statement; keeps it from idling out. */
export async function findSession(unit: Unit, id: string | undefined): Promise<LiveSession | null> {
  if (id === undefined || !sessionIdPattern.test(id)) return null;
  const hash = hashOf(id);
  const { rows } = await unit.kernel<{
    person_id: string;
    display_name: string;
    language: string | null;
    expires_at: Date;
    stale: boolean;
    roles: RoleGrant[];
  }>(
    `select person_id, display_name, language, expires_at, seen_at < now() - interval '1 minute' as stale,
       coalesce((select json_agg(json_build_object('school', g.school_id, 'role', g.role))
                 from kernel.role_grants g where g.person_id = s.person_id), '[]') as roles
     from kernel.sessions s
     where id_hash = $1 and expires_at > now() and seen_at > now() - interval '${IDLE_MINUTES} minutes'`,
    [hash],
  );
  const row = rows[0];
  if (row === undefined) return null;
  if (row.stale) await unit.kernel('update kernel.sessions set seen_at = now() where id_hash = $1', [hash]);
  return {
    hash,
    personId: row.person_id,
    displayName: row.display_name,
    language: row.language,
    expiresAt: row.expires_at,
    roles: row.roles,
  };
}

export interface NewSession {
  id: string;
  displayName: string;
  language?: string | null;
  expiresAt?: Date;
}

/** Makes a session for a person; the id is for the client only. */
export async function createSession(unit: Unit, person: NewSession): Promise<{ id: string; expiresAt: Date }> {
  const id = randomBytes(32).toString('base64url');
  const absolute = new Date(Date.now() + ABSOLUTE_HOURS * 3_600_000);
  const expiresAt = person.expiresAt !== undefined && person.expiresAt < absolute ? person.expiresAt : absolute;
  await unit.kernel(
    'insert into kernel.sessions (id_hash, person_id, display_name, language, expires_at) values ($1, $2, $3, $4, $5)',
    [hashOf(id), person.id, person.displayName, person.language ?? null, expiresAt],
  );
  return { id, expiresAt };
}

/** Sessions in `kernel.sessions`: the client holds an opaque id, the database its SHA-256. */
export class SessionService implements Sessions {
  constructor(private readonly pluginId: string) {}

  async start(person: NewSession): Promise<void> {
    const { unit } = currentFrame(this.pluginId);
    const http = this.#http();
    if (http.sessionHash !== null) await unit.kernel('delete from kernel.sessions where id_hash = $1', [http.sessionHash]);
    const { id, expiresAt } = await createSession(unit, person);
    http.recognised = { kind: 'person', id: person.id, roles: [], schools: [] };
    http.setSessionCookie(id, expiresAt);
  }

  async end(): Promise<void> {
    const http = this.#http();
    if (http.sessionHash !== null) {
      await currentFrame(this.pluginId).unit.kernel('delete from kernel.sessions where id_hash = $1', [http.sessionHash]);
    }
    http.setSessionCookie(null);
  }

  async endAll(personId: string): Promise<void> {
    await currentFrame(this.pluginId).unit.kernel('delete from kernel.sessions where person_id = $1', [personId]);
  }

  current(): Session | null {
    return currentFrame(this.pluginId).http?.session ?? null;
  }

  #http(): HttpExchange {
    const { http } = currentFrame(this.pluginId);
    if (http === null) throw new Error(`${this.pluginId}: sessions exist only while a request is answered`);
    return http;
  }
}

/** Takes away what no client can use any more. */
export const deleteDeadSessions = (unit: Unit): Promise<unknown> =>
  unit.kernel(`delete from kernel.sessions where expires_at <= now() or seen_at <= now() - interval '${IDLE_MINUTES} minutes'`);
