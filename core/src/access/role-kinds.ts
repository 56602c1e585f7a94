import type { Frame } from '../context/frame.js';
import type { RoleGrant } from '../contract/principal.js';
import { conflict } from '../contract/problem.js';
import type { Permissions } from './roles.js';

/**
 * Checks that each role is granted in a tenant of an allowed kind. Grants for the whole portal pass, and so do roles for which no plugin
 * declares kinds.
 *
 * @throws Problem 409 that names the first grant that does not fit
 */
export async function requireFittingTenants(
  { unit }: Frame,
  permissions: Permissions,
  grants: readonly RoleGrant[],
): Promise<void> {
  const limited = grants.flatMap(({ tenant, role }) => {
    const kinds = permissions.kindsOf(role);
    return tenant === null || kinds === null ? [] : [{ tenant, role, kinds }];
  });
  if (limited.length === 0) return;
  // Locked, so that no tenant is removed before the grants are stored.
  const { rows } = await unit.kernel<{ id: string; kind: string }>(
    'select id, kind from kernel.tenants where id = any($1) order by id for key share',
    [[...new Set(limited.map(({ tenant }) => tenant))]],
  );
  const kindOf = new Map(rows.map(({ id, kind }) => [id, kind]));
  for (const { tenant, role, kinds } of limited) {
    const kind = kindOf.get(tenant);
    if (kind === undefined) {
      throw conflict('role-kind', `The role ${role} cannot be given in the tenant ${tenant}: no plugin registered this tenant.`);
    }
    if (!kinds.has(kind)) {
      throw conflict(
        'role-kind',
        `The role ${role} can be held only in a ${[...kinds].join(' or ')}; the tenant ${tenant} is a ${kind}.`,
      );
    }
  }
}
