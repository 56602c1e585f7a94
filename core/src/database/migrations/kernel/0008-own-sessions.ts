import type { Migration } from '../../../contract/table.js';

/** Columns with which people recognise their sessions and end one; the session id stays with the client. */
export const ownSessionsMigration: Migration = {
  name: '0008_own_sessions',
  up: 'alter table kernel.sessions add column device text, add column handle uuid not null default gen_random_uuid()',
  down: 'alter table kernel.sessions drop column device, drop column handle',
};
