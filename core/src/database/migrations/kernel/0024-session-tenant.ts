import type { Migration } from '../../../contract/table.js';

/** The one tenant in which a person acts during a session; null: all in which they hold a role. */
export const sessionTenantMigration: Migration = {
  name: '0024_session_tenant',
  up: 'alter table kernel.sessions add column tenant_id text',
  down: 'alter table kernel.sessions drop column tenant_id',
};
