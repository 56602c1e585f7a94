import { createHash } from 'node:crypto';
import { AccessService } from '../../access/access-service.js';
import { createSession } from '../../access/sessions.js';
import { registerTenants } from '../../access/tenant-service.js';
import { cookieName } from '../../http/exchange.js';
import type { Platform } from '../../platform/platform.js';

/** Roles to which the plugins grant permissions. */
export const rolesOf = ({ plugins }: Platform): string[] =>
  [...new Set(plugins.flatMap(({ definition }) => Object.values(definition.permissions ?? {}).flat()))].sort();

/**
 * Signs in the person who holds this role in the portal that `ilearn dev` made for a plugin: the same person, in the same tenant, each time.
 *
 * @returns the `name=value` of a cookie
 */
export async function signInAs(platform: Platform, role: string): Promise<string> {
  const { permissions, runner, portal } = platform;
  const [kind = null] = permissions.kindsOf(role) ?? [];
  // Where plugins say in which tenants roles are held, a role without a kind is held in the whole portal.
  const inPortal = kind === null && rolesOf(platform).some((each) => permissions.kindsOf(each) !== null);
  const tenant = inPortal ? null : uuidOf(`tenant ${kind ?? ''}`);
  const person = uuidOf(`person ${role}`);
  const { id } = await runner.run({}, async ({ unit }) => {
    if (kind !== null && tenant !== null) await registerTenants(unit, [{ id: tenant, kind }]);
    await new AccessService('kernel', permissions).setRoles(person, [{ tenant, role }]);
    return createSession(unit, { id: person, displayName: role });
  });
  return `${cookieName(portal.url.startsWith('https:'))}=${id}`;
}

/** The same UUID for the same text (RFC 9562, version 8). */
function uuidOf(text: string): string {
  const hex = createHash('sha256').update(`ilearn dev ${text}`).digest('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
