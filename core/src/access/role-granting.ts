import type { Frame } from '../context/frame.js';
import type { RoleGrant } from '../contract/principal.js';
import { forbidden } from '../contract/problem.js';
import type { Permissions } from './roles.js';

export interface PersonGrant extends RoleGrant {
  readonly personId: string;
}

/** Whether the asker of this work may give and take a role. Work without an asker (jobs, commands) may. */
export const mayGrant = ({ asker }: Frame, permissions: Permissions, grant: RoleGrant): boolean =>
  asker === null || permissions.mayGrant(asker.roles, grant);

/** @throws Problem 403 if the asker of this work may not give or take one of these roles */
export function requireMayGrant(frame: Frame, permissions: Permissions, grants: readonly RoleGrant[]): void {
  const beyond = grants.find((grant) => !mayGrant(frame, permissions, grant));
  if (beyond !== undefined) throw forbidden(`Your roles do not allow you to give or take the role ${beyond.role}.`);
}

/** @throws Problem 403 if one of these people holds a role that the asker of this work may not give */
export async function requireAuthorityOver(frame: Frame, permissions: Permissions, people: readonly string[]): Promise<void> {
  const { asker } = frame;
  const others = people.filter((id) => id !== asker?.id);
  if (asker === null || others.length === 0) return;
  requireMayGrant(frame, permissions, await grantsOf(frame, others));
}

export async function grantsOf({ unit }: Frame, people: readonly string[]): Promise<PersonGrant[]> {
  const { rows } = await unit.kernel<{ personId: string; tenant: string | null; role: string }>(
    `select person_id as "personId", tenant_id as tenant, role from kernel.role_grants where person_id = any($1::uuid[])
     order by 1, 2, 3`,
    [people],
  );
  return rows;
}
