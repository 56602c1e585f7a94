import { createHash } from 'node:crypto';
import { currentFrame } from '../../context/frame.js';
import type { SqlIdentity } from '../../context/unit.js';
import type { Locks } from '../../contract/services.js';

/**
 * Key of an advisory lock. Keys of plugins are negative and those of the kernel positive, so they never collide; hashing prevents a plugin
 * from choosing another one's key.
 */
const numberOf = (pluginId: string, name: string): string => {
  const digest = createHash('sha256')
    .update(JSON.stringify([pluginId, name]))
    .digest();
  return (-(digest.readBigInt64BE() & 0x7fff_ffff_ffff_ffffn) - 1n).toString();
};

/** The locks of one plugin, held by its units of work. */
export function locksOf(pluginId: string, role: string, schema: string): Locks {
  async function call(name: string, fn: string): Promise<unknown> {
    const { unit, principal, viewer } = currentFrame(pluginId);
    const identity: SqlIdentity = { role, schema, tenants: principal.tenants, viewer };
    const { rows } = await unit.queryHeld<{ taken: unknown }>(identity, {
      text: `select pg_catalog.${fn}($1::bigint) as taken`,
      values: [numberOf(pluginId, name)],
    });
    return rows[0]?.taken;
  }
  return Object.freeze({
    take: async (name: string) => void (await call(name, 'pg_advisory_xact_lock')),
    tryTake: async (name: string) => (await call(name, 'pg_try_advisory_xact_lock')) === true,
  });
}
