import { outageOfDatabase } from '../outages/outage.js';
import type { DatabaseHome } from './home.js';

/** Load balancers give up after a second. */
const LOOK_MS = 400;

/**
 * What a health check of the database finds.
 *
 * - `slow`: it did not answer in time, but did a moment ago; keep sending requests here
 * - `hangs`: it has not answered for seconds
 * - `busy`: work of this process holds the only connection of the embedded database
 * - `crowded`: the server accepts no more connections; requests use those that are open
 */
export type DatabaseState = 'reachable' | 'unreachable' | 'slow' | 'hangs' | 'busy' | 'read-only' | 'crowded';

/** A server that answered within this time counts as slow, not as hanging. */
const PATIENCE_MS = 4_000;
const answeredAt = new WeakMap<DatabaseHome['ask'], number>();
const looks = new WeakMap<DatabaseHome['ask'], Promise<DatabaseState>>();

/** Answers in bounded time; callers at the same moment share one check. */
export function databaseState(home: Pick<DatabaseHome, 'kind' | 'ask' | 'pool'>): Promise<DatabaseState> {
  const under = looks.get(home.ask);
  if (under !== undefined) return under;
  const look = lookAt(home).finally(() => looks.delete(home.ask));
  looks.set(home.ask, look);
  return look;
}

async function lookAt({ kind, ask, pool }: Pick<DatabaseHome, 'kind' | 'ask' | 'pool'>): Promise<DatabaseState> {
  if (!answeredAt.has(ask)) answeredAt.set(ask, performance.now());
  try {
    const [row] = await ask<{ standby: boolean }>('select pg_is_in_recovery() as standby', [], LOOK_MS);
    answeredAt.set(ask, performance.now());
    return row?.standby === true ? 'read-only' : 'reachable';
  } catch (error) {
    if ((error as Error).name === 'NoAnswer') {
      if (kind === 'pglite') return 'busy';
      return performance.now() - (answeredAt.get(ask) ?? 0) < PATIENCE_MS ? 'slow' : 'hangs';
    }
    return outageOfDatabase(error) === 'crowded' && pool.totalCount > 0 ? 'crowded' : 'unreachable';
  }
}

/** Whether requests that need the database can be served. */
export const serves = (state: DatabaseState): boolean => ['reachable', 'slow', 'busy', 'crowded'].includes(state);
