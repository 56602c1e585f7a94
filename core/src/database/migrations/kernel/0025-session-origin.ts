import type { Migration } from '../../../contract/table.js';

/** Which plugin began a session, and whether it stays in its tenant because it was begun with less than an account. */
export const sessionOriginMigration: Migration = {
  name: '0025_session_origin',
  up: 'alter table kernel.sessions add column started_by text, add column fixed boolean not null default false',
  down: 'alter table kernel.sessions drop column fixed, drop column started_by',
};
