import type { Tenants } from '@ilearn/core';
import type { Knex } from 'knex';

/** Kinds of the directory's tenants: schools, who trains their staff, and who makes the tools that they use. */
export const tenantKinds = ['school', 'training-provider', 'tool-provider'];

/** In which kind of tenant each role is held. `portal-administrator` is a role in the whole portal. */
export const roles: Record<string, string | string[]> = {
  pupil: 'school',
  teacher: 'school',
  'ict-coordinator': 'school',
  principal: 'school',
  planner: 'training-provider',
  trainer: 'training-provider',
  coach: 'training-provider',
  'tool-manager': 'tool-provider',
  'first-line-helper': ['training-provider', 'tool-provider'],
};

/**
 * Registers all stored schools with the kernel, and those that are about to be stored. Schools of a portal that was made before tenants had
 * kinds are not registered yet.
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
