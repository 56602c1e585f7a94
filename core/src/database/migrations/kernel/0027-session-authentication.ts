import type { Migration } from '../../../contract/table.js';

/** When the person of a session proved who they are; null: an identity provider did not say. */
export const sessionAuthenticationMigration: Migration = {
  name: '0027_session_authentication',
  up: 'alter table kernel.sessions add column authenticated_at timestamptz default now()',
  down: 'alter table kernel.sessions drop column authenticated_at',
};
