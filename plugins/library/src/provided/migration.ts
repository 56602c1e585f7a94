import type { Migration } from '@ilearn/core';

export const providedMigration: Migration = {
  name: '0019_provided_tables',
  // What a provider sent, until the portal has stored it.
  up: `
    create table provided_tables (
      provider_id uuid primary key,
      activities jsonb not null,
      sent_at timestamptz not null default now()
    );
  `,
  down: 'drop table provided_tables;',
};
