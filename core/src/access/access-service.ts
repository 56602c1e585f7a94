import { currentFrame, type Frame } from '../context/frame.js';
import type { Principal, RoleGrant } from '../contract/principal.js';
import type { Access } from '../contract/privileged.js';
import { grantsOf, mayGrant, type PersonGrant, requireMayGrant } from './role-granting.js';
import { requireFittingTenants } from './role-kinds.js';
import type { Permissions } from './roles.js';

/** Role grants in `kernel.role_grants`; each call joins the current unit of work. */
export class AccessService implements Access {
  constructor(
    private readonly pluginId: string,
    private readonly permissions: Permissions,
  ) {}

  async setRoles(personId: string, roles: RoleGrant[]): Promise<void> {
    await this.setRolesOfMany([{ personId, roles }]);
  }

  async setRolesOfMany(entries: { personId: string; roles: RoleGrant[] }[]): Promise<void> {
    const frame = currentFrame(this.pluginId);
    const { unit } = frame;
    if (frame.asker !== null) requireMayGrant(frame, this.permissions, await changesOf(frame, entries));
    const rows = entries.flatMap(({ personId, roles }) =>
      roles.map(({ tenant, role }) => ({ person_id: personId, tenant_id: tenant, role })),
    );
    await requireFittingTenants(
      frame,
      this.permissions,
      entries.flatMap(({ roles }) => roles),
    );
    const people = entries.map(({ personId }) => personId);
    await unit.kernel(
      `delete from kernel.role_grants g where person_id = any($1::uuid[]) and not exists (
         select from jsonb_to_recordset($2::jsonb) as n(person_id uuid, tenant_id text, role text)
         where n.person_id = g.person_id and n.role = g.role and n.tenant_id is not distinct from g.tenant_id)`,
      [people, JSON.stringify(rows)],
    );
    await unit.kernel(
      `insert into kernel.role_grants (person_id, tenant_id, role)
       select person_id, tenant_id, role from jsonb_to_recordset($1::jsonb) as n(person_id uuid, tenant_id text, role text)
       on conflict do nothing`,
      [JSON.stringify(rows)],
    );
  }

  async rolesOf(personId: string): Promise<RoleGrant[]> {
    return (await this.rolesOfMany([personId]))[0]?.roles ?? [];
  }

  async rolesOfMany(personIds: readonly string[]): Promise<{ personId: string; roles: RoleGrant[] }[]> {
    const entries = personIds.map((personId) => ({ personId, roles: [] as RoleGrant[] }));
    const rolesOf = new Map(entries.map(({ personId, roles }) => [personId.toLowerCase(), roles]));
    for (const { personId, tenant, role } of await grantsOf(currentFrame(this.pluginId), personIds)) {
      rolesOf.get(personId)?.push({ tenant, role });
    }
    return entries;
  }

  async holdersOf(role: string, tenant: string | null, limit: number): Promise<string[]> {
    const inTenant = tenant === null ? 'tenant_id is null' : 'tenant_id = $3';
    const { rows } = await currentFrame(this.pluginId).unit.kernel<{ person_id: string }>(
      `select person_id from kernel.role_grants where role = $1 and ${inTenant} order by person_id limit $2`,
      tenant === null ? [role, limit] : [role, limit, tenant],
    );
    return rows.map(({ person_id }) => person_id);
  }

  mayGrant(grant: RoleGrant, kind?: string): boolean {
    if (kind !== undefined && this.permissions.kindsOf(grant.role)?.has(kind) === false) return false;
    return mayGrant(currentFrame(this.pluginId), this.permissions, grant);
  }

  async principalFor(personId: string, permission?: string): Promise<Principal | null> {
    const grants = await this.rolesOf(personId);
    return grants.length === 0 ? null : this.permissions.narrow(personId, grants, permission);
  }
}

/** Grants that a change would add, and those that it would remove. */
async function changesOf(
  frame: Frame,
  entries: readonly { personId: string; roles: readonly RoleGrant[] }[],
): Promise<RoleGrant[]> {
  const keyOf = ({ personId, tenant, role }: PersonGrant) => JSON.stringify([personId.toLowerCase(), tenant, role]);
  const ids = entries.map(({ personId }) => personId);
  const before = new Map((await grantsOf(frame, ids)).map((grant) => [keyOf(grant), grant]));
  const after = new Map(
    entries.flatMap(({ personId, roles }) => roles.map((grant) => [keyOf({ ...grant, personId }), grant] as const)),
  );
  const missingIn =
    (other: ReadonlyMap<string, unknown>) =>
    ([key]: readonly [string, RoleGrant]) =>
      !other.has(key);
  return [...[...after].filter(missingIn(before)), ...[...before].filter(missingIn(after))].map(([, grant]) => grant);
}
