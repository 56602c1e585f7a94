import type { Tenants } from '@ilearn/core';
import type { Knex } from 'knex';

/** Kinds of the directory's tenants: schools, providers of training for their staff, and providers of their tools. */
export const tenantKinds = ['school', 'training-provider', 'tool-provider'];

/** Kinds of providers. */
export const providerKinds = ['training-provider', 'tool-provider'] as const;
export type ProviderKind = (typeof providerKinds)[number];

/** Roles in the whole portal. */
export const portalRoles = ['portal-administrator', 'helpdesk-agent', 'data-steward'];

/** Kinds of tenants in which each role can be held; {@link portalRoles} are held in none. */
export const roles: Record<string, string | string[]> = {
  pupil: 'school',
  teacher: 'school',
  'ict-coordinator': 'school',
  principal: 'school',
  // A helper of the helpdesk for all schools of a school group.
  'group-helper': 'school',
  // A guest who tries the portal as a teacher of a school of invented people. Nothing that they may do reaches anybody outside it.
  'guest-teacher': 'school',
  planner: 'training-provider',
  trainer: 'training-provider',
  coach: 'training-provider',
  'tool-manager': 'tool-provider',
  'first-line-helper': ['training-provider', 'tool-provider'],
};

/** Roles that can be held in tenants of a kind. */
export const rolesIn = (kind: string): string[] => Object.keys(roles).filter((role) => [roles[role]].flat().includes(kind));

/** Roles that can be held in one kind of provider or the other. */
export const providerRoles = [...new Set(providerKinds.flatMap(rolesIn))];

/**
 * Registers all stored schools, and those about to be stored, with the kernel. Schools stored before tenants had kinds may not be
 * registered yet.
 */
export async function registerSchools(
  { knex, tenants }: { knex: Knex; tenants: Tenants },
  coming: readonly string[] = [],
): Promise<void> {
  const stored: string[] = await knex('schools').pluck('id');
  const registered = new Set((await tenants.list('school')).map(({ id }) => id));
  const missing = [...new Set([...stored, ...coming])].filter((id) => !registered.has(id));
  await tenants.register(missing.map((id) => ({ id, kind: 'school' })));
}
