import type { Principal, RoleGrant } from '../contract/principal.js';
import type { Access } from '../contract/services.js';
import { currentFrame } from '../frame.js';
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
    const { unit } = currentFrame(this.pluginId);
    const rows = entries.flatMap(({ personId, roles }) =>
      roles.map(({ school, role }) => ({ person_id: personId, school_id: school, role })),
    );
    const people = entries.map(({ personId }) => personId);
    await unit.kernel(
      `delete from kernel.role_grants g where person_id = any($1::uuid[]) and not exists (
         select from jsonb_to_recordset($2::jsonb) as n(person_id uuid, school_id text, role text)
         where n.person_id = g.person_id and n.role = g.role and n.school_id is not distinct from g.school_id)`,
      [people, JSON.stringify(rows)],
    );
    await unit.kernel(
      `insert into kernel.role_grants (person_id, school_id, role)
       select person_id, school_id, role from jsonb_to_recordset($1::jsonb) as n(person_id uuid, school_id text, role text)
       on conflict do nothing`,
      [JSON.stringify(rows)],
    );
  }

  async rolesOf(personId: string): Promise<RoleGrant[]> {
    const { rows } = await currentFrame(this.pluginId).unit.kernel<{ school: string | null; role: string }>(
      'select school_id as school, role from kernel.role_grants where person_id = $1 order by 1, 2',
      [personId],
    );
    return rows;
  }

  async principalFor(personId: string, permission?: string): Promise<Principal | null> {
    const grants = await this.rolesOf(personId);
    return grants.length === 0 ? null : this.permissions.narrow(personId, grants, permission);
  }
}
