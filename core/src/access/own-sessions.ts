import type { HttpExchange } from '../context/frame.js';
import type { Unit } from '../context/unit.js';
import { IDLE_MINUTES } from './live-sessions.js';

/** Maximum number of sessions in one answer. */
export const SHOWN_SESSIONS = 50;

export interface OwnSession {
  /** Identifies the session in this API; it cannot be used to authenticate. */
  id: string;
  device: string | null;
  startedAt: Date;
  usedAt: Date;
  expiresAt: Date;
  current: boolean;
}

type Asker = Pick<HttpExchange, 'sessionHash' | 'session'>;

/**
 * A person's live sessions: the current one first, then by last use. Returns up to one more than is shown, so that the caller can tell
 * whether there are more.
 */
export async function ownSessions(unit: Unit, { sessionHash, session }: Asker): Promise<OwnSession[]> {
  const { rows } = await unit.kernel<OwnSession>(
    `select handle as id, device, created_at as "startedAt", seen_at as "usedAt", expires_at as "expiresAt", id_hash = $2 as current
     from kernel.sessions
     where person_id = $1 and expires_at > now() and seen_at > now() - interval '${IDLE_MINUTES} minutes'
     order by current desc, seen_at desc, handle limit ${SHOWN_SESSIONS + 1}`,
    [session?.personId, sessionHash],
  );
  return rows;
}

/** Ends one other session of the person. False if they have no such session, or it is the current one. */
export async function endOwnSession(unit: Unit, { sessionHash, session }: Asker, id: string): Promise<boolean> {
  const { rowCount } = await unit.kernel('delete from kernel.sessions where person_id = $1 and handle = $2 and id_hash <> $3', [
    session?.personId,
    id,
    sessionHash,
  ]);
  return (rowCount ?? 0) > 0;
}

/** Ends every session of the person except the current one. */
export async function endOtherSessions(unit: Unit, { sessionHash, session }: Asker): Promise<void> {
  await unit.kernel('delete from kernel.sessions where person_id = $1 and id_hash <> $2', [session?.personId, sessionHash]);
}
