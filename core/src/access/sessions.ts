import { randomBytes } from 'node:crypto';
import { currentFrame, type HttpExchange } from '../context/frame.js';
import type { Unit } from '../context/unit.js';
import type { AgeBand, Session, Sessions } from '../contract/privileged.js';
import { hashOf, IDLE_MINUTES } from './live-sessions.js';
import { requireAuthorityOver } from './role-granting.js';
import type { Permissions } from './roles.js';

/** Maximum lifetime of a session, however much it is used. */
const ABSOLUTE_HOURS = 12;

export interface NewSession {
  id: string;
  displayName: string;
  language?: string | null;
  ageBand?: AgeBand | null;
  expiresAt?: Date;
  /** See `deviceOf`. */
  device?: string | null;
}

/**
 * Creates a session for a person. Only the client gets the id; the database stores its hash. The expiry is computed with the database's
 * clock.
 */
export async function createSession(unit: Unit, person: NewSession): Promise<{ id: string; secondsLeft: number }> {
  const id = randomBytes(32).toString('base64url');
  const { rows } = await unit.kernel<{ seconds: number }>(
    `insert into kernel.sessions (id_hash, person_id, display_name, language, device, age_band, expires_at)
     values ($1, $2, $3, $4, $6, $7, least($5::timestamptz, now() + interval '${ABSOLUTE_HOURS} hours'))
     returning ceil(extract(epoch from expires_at - now()))::int as seconds`,
    [
      hashOf(id),
      person.id,
      person.displayName,
      person.language ?? null,
      person.expiresAt ?? null,
      person.device ?? null,
      person.ageBand ?? null,
    ],
  );
  return { id, secondsLeft: Math.max(0, (rows[0] as { seconds: number }).seconds) };
}

/** Sessions in `kernel.sessions`: the client holds an opaque id, the database its SHA-256. */
export class SessionService implements Sessions {
  constructor(
    private readonly pluginId: string,
    private readonly permissions: Permissions,
  ) {}

  async start(person: Omit<NewSession, 'device'>): Promise<void> {
    const { unit } = currentFrame(this.pluginId);
    const http = this.#http();
    if (http.sessionHash !== null) await unit.kernel('delete from kernel.sessions where id_hash = $1', [http.sessionHash]);
    const { id, secondsLeft } = await createSession(unit, { ...person, device: http.device() });
    http.recognised = { kind: 'person', id: person.id, roles: [], tenants: [] };
    http.setSessionCookie(id, secondsLeft);
  }

  async end(): Promise<void> {
    const http = this.#http();
    if (http.sessionHash !== null) {
      await currentFrame(this.pluginId).unit.kernel('delete from kernel.sessions where id_hash = $1', [http.sessionHash]);
    }
    http.setSessionCookie(null);
  }

  endAll(personId: string): Promise<void> {
    return this.endAllOfMany([personId]);
  }

  async endAllOfMany(personIds: readonly string[]): Promise<void> {
    const frame = currentFrame(this.pluginId);
    await requireAuthorityOver(frame, this.permissions, personIds);
    await frame.unit.kernel('delete from kernel.sessions where person_id = any($1::uuid[])', [personIds]);
  }

  current(): Session | null {
    const session = currentFrame(this.pluginId).http?.session ?? null;
    return session === null ? null : { ...session, expiresAt: new Date(session.expiresAt) };
  }

  #http(): HttpExchange {
    const { http } = currentFrame(this.pluginId);
    if (http === null) throw new Error(`${this.pluginId}: sessions can be used only while a request is handled`);
    return http;
  }
}

/** Deletes sessions that have ended or idled out. */
export const deleteDeadSessions = (unit: Unit): Promise<unknown> =>
  unit.kernel(`delete from kernel.sessions where expires_at <= now() or seen_at <= now() - interval '${IDLE_MINUTES} minutes'`);
