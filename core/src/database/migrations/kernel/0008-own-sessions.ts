import type { Migration } from '../../../contract/table.js';

/** What people need to know their sessions again and to name one; its key stays with the client. */
export const ownSessionsMigration: Migration = {
  name: '0008_own_sessions',
  up: 'alter table kernel.sessions add column device text, add column handle uuid not null default gen_random_uuid()',
  down: 'alter table kernel.sessions drop column device, drop column handle',
};
