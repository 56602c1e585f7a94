import type { Migration } from '../../../contract/table.js';

/** Finds the people who hold a role in a tenant. */
export const roleHoldersMigration: Migration = {
  name: '0020_role_holders',
  up: 'create index role_grants_holders on kernel.role_grants (role, tenant_id, person_id)',
  down: 'drop index kernel.role_grants_holders',
};
