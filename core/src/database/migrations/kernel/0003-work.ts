import type { Migration } from '../../../contract/table.js';

/** Columns for retries, unique keys and handing over; a table for progress and cancellation. */
export const workMigration: Migration = {
  name: '0003_work',
  up: `
    alter table kernel.messages
      add column attempts int not null default 0,
      add column losses int not null default 0,
      add column task uuid,
      add column unique_key text;
    drop index kernel.messages_position_idx;
    create index messages_due on kernel.messages (due_at, position) where taken_at is null and failed_at is null;
    create index messages_taken on kernel.messages (taken_at) where failed_at is null;
    create index messages_failed on kernel.messages (failed_at) where failed_at is not null;
    create unique index messages_unique_key on kernel.messages (plugin, name, unique_key) where unique_key is not null;
    create table kernel.running_messages (
      message uuid primary key,
      progress real,
      cancelled_at timestamptz
    );
  `,
  down: `
    drop table kernel.running_messages;
    drop index kernel.messages_due, kernel.messages_taken, kernel.messages_failed, kernel.messages_unique_key;
    alter table kernel.messages drop column attempts, drop column losses, drop column task, drop column unique_key;
    create index on kernel.messages (position) where taken_at is null;
  `,
};
