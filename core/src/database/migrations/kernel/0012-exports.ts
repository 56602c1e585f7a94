import type { Migration } from '../../../contract/table.js';

/** Exports of people's data, with their archives in parts until they expire. */
export const exportsMigration: Migration = {
  name: '0012_exports',
  up: `
    create table kernel.exports (
      id uuid primary key default gen_random_uuid(),
      person_id uuid not null,
      asked_by uuid,
      schools text[],
      language text not null,
      state text not null default 'waiting' check (state in ('waiting', 'running', 'ready', 'failed')),
      progress real not null default 0,
      requested_at timestamptz not null default now(),
      finished_at timestamptz,
      expires_at timestamptz,
      bytes bigint,
      parts int,
      attempts int not null default 0,
      holder uuid,
      held_until timestamptz
    );
    create unique index exports_under_way on kernel.exports (person_id, asked_by, schools) nulls not distinct
      where state in ('waiting', 'running');
    create index exports_waiting on kernel.exports (requested_at) where state in ('waiting', 'running');
    create index on kernel.exports (asked_by, requested_at);
    create table kernel.export_parts (
      export_id uuid not null references kernel.exports on delete cascade,
      n int not null,
      bytes bytea not null,
      primary key (export_id, n)
    );
    alter table kernel.export_parts alter column bytes set storage external;
  `,
  down: 'drop table kernel.export_parts, kernel.exports',
};
