import type { Migration } from '@ilearn/core';

export const freeTextMigrations: Migration[] = [
  {
    name: '0032_names',
    up: `
      create table name_searches (
        id uuid primary key default gen_random_uuid(),
        -- The name, encrypted; removed once everything is decided.
        sealed bytea,
        next_table int default 0,
        truncated boolean not null default false,
        created_at timestamptz not null default now()
      );
      create index name_searches_created on name_searches (created_at);

      create table name_mentions (
        id uuid primary key default gen_random_uuid(),
        search_id uuid not null references name_searches on delete cascade,
        plugin text not null,
        table_name text not null,
        column_name text not null,
        row_key jsonb not null,
        state text not null default 'open' check (state in ('open', 'left', 'replaced', 'gone')),
        decided_by uuid,
        decided_at timestamptz
      );
      create index name_mentions_search on name_mentions (search_id, state, id);
      create index name_mentions_decided_by on name_mentions (decided_by);
    `,
    down: 'drop table name_mentions, name_searches;',
  },
];

export const searchedPersonMigrations: Migration[] = [
  {
    name: '0036_searched_person',
    up: `
      -- A keyed hash of the person's id, so that an erasure that is tried again starts no second search; removed with the name.
      alter table name_searches add column about bytea;
      create unique index name_searches_about on name_searches (about);
    `,
    down: 'alter table name_searches drop column about;',
  },
];
