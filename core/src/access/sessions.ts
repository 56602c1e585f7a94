import { randomBytes } from 'node:crypto';
import { currentFrame, type HttpExchange } from '../context/frame.js';
import type { Unit } from '../context/unit.js';
import type { AgeBand, Session, Sessions } from '../contract/privileged.js';
import { forbidden } from '../contract/problem.js';
import { hashOf, IDLE_MINUTES } from './live-sessions.js';
import { grantsOf, requireAuthorityOver } from './role-granting.js';
import type { Permissions } from './roles.js';
import { signInFirst } from './sign-in-first.js';

/** Maximum lifetime of a session, however much it is used. */
const ABSOLUTE_HOURS = 12;

const SECONDS_LEFT = 'ceil(extract(epoch from expires_at - now()))::int as seconds';

const newId = (): string => randomBytes(32).toString('base64url');

export interface NewSession {
  id: string;
  displayName: string;
  language?: string | null;
  ageBand?: AgeBand | null;
  expiresAt?: Date;
  /** See `deviceOf`. */
  device?: string | null;
  tenant?: string | null;
  fixed?: boolean;
  /** See {@link Sessions.start}; now, unless it is given. */
  authenticatedAt?: Date | null;
  /** Id of the plugin that begins the session. */
  startedBy?: string | null;
}

/**
 * Creates a session for a person. Only the client gets the id; the database stores its hash. The expiry is computed with the database's
 * clock.
 */
export async function createSession(
  unit: Unit,
  person: NewSession,
): Promise<{ id: string; handle: string; secondsLeft: number }> {
  const id = newId();
  const { rows } = await unit.kernel<{ seconds: number; handle: string }>(
    `insert into kernel.sessions (id_hash, person_id, display_name, language, device, age_band, tenant_id, fixed, started_by, authenticated_at, expires_at)
     values ($1, $2, $3, $4, $6, $7, $8, $9, $10, case when $11 then now() else $12::timestamptz end, least($5::timestamptz, now() + interval '${ABSOLUTE_HOURS} hours'))
     returning handle, ${SECONDS_LEFT}`,
    [
      hashOf(id),
      person.id,
      person.displayName,
      person.language ?? null,
      person.expiresAt ?? null,
      person.device ?? null,
      person.ageBand ?? null,
      person.tenant ?? null,
      person.fixed ?? false,
      person.startedBy ?? null,
      person.authenticatedAt === undefined,
      person.authenticatedAt ?? null,
    ],
  );
  const { seconds, handle } = rows[0] as { seconds: number; handle: string };
  return { id, handle, secondsLeft: Math.max(0, seconds) };
}

/** Sessions in `kernel.sessions`: the client holds an opaque id, the database its SHA-256. */
export class SessionService implements Sessions {
  constructor(
    private readonly pluginId: string,
    private readonly permissions: Permissions,
  ) {}

  async start(person: Omit<NewSession, 'device' | 'startedBy'>): Promise<string> {
    const { unit } = currentFrame(this.pluginId);
    const http = this.#http();
    if (http.sessionHash !== null) await unit.kernel('delete from kernel.sessions where id_hash = $1', [http.sessionHash]);
    const { id, handle, secondsLeft } = await createSession(unit, {
      ...person,
      device: http.device(),
      startedBy: this.pluginId,
    });
    http.recognised = { kind: 'person', id: person.id, roles: [], tenants: [] };
    http.setSessionCookie(id, secondsLeft);
    return handle;
  }

  async end(): Promise<void> {
    const http = this.#http();
    if (http.sessionHash !== null) {
      await currentFrame(this.pluginId).unit.kernel('delete from kernel.sessions where id_hash = $1', [http.sessionHash]);
    }
    http.setSessionCookie(null);
  }

  async switchTenant(tenant: string): Promise<void> {
    const frame = currentFrame(this.pluginId);
    const http = this.#http();
    if (http.session === null) throw signInFirst();
    const grants = await grantsOf(frame, [http.session.personId]);
    if (!grants.some((grant) => grant.tenant === tenant)) throw forbidden('You hold no role there.');
    const id = newId();
    const { rows } = await frame.unit.kernel<{ seconds: number }>(
      `update kernel.sessions set id_hash = $1, tenant_id = $2 where id_hash = $3 and not fixed returning ${SECONDS_LEFT}`,
      [hashOf(id), tenant, http.sessionHash],
    );
    const [row] = rows;
    if (row === undefined) throw http.session.fixed ? forbidden('This session stays in its tenant.') : signInFirst();
    http.setSessionCookie(id, Math.max(0, row.seconds));
  }

  async renew(): Promise<void> {
    const { unit } = currentFrame(this.pluginId);
    const http = this.#http();
    if (http.session === null) throw signInFirst();
    await unit.kernel('delete from kernel.sessions where person_id = $1 and id_hash <> $2', [
      http.session.personId,
      http.sessionHash,
    ]);
    const id = newId();
    const { rows } = await unit.kernel<{ seconds: number }>(
      `update kernel.sessions set id_hash = $1 where id_hash = $2 returning ${SECONDS_LEFT}`,
      [hashOf(id), http.sessionHash],
    );
    const [row] = rows;
    if (row === undefined) throw signInFirst();
    http.setSessionCookie(id, Math.max(0, row.seconds));
  }

  async endFixed(personIds: readonly string[], tenant: string): Promise<void> {
    await currentFrame(this.pluginId).unit.kernel(
      'delete from kernel.sessions where fixed and person_id = any($1::uuid[]) and tenant_id = $2 and started_by = $3',
      [personIds, tenant, this.pluginId],
    );
  }

  async endHandles(handles: readonly string[]): Promise<void> {
    const { unit, asker } = currentFrame(this.pluginId);
    await unit.kernel('delete from kernel.sessions where handle = any($1::uuid[]) and ($2::uuid is null or person_id = $2)', [
      handles,
      asker?.id ?? null,
    ]);
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
    if (session === null) return null;
    return { ...session, expiresAt: new Date(session.expiresAt), startedAt: new Date(session.startedAt) };
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
