import type { Migration } from '@ilearn/core';

export const wishesMigrations: Migration[] = [
  {
    name: '0060_wishes',
    up: `
      create table wishes (
        id uuid primary key default gen_random_uuid(),
        title text not null,
        text text not null default '',
        tool_key text,
        state text not null default 'new' check (state in ('new', 'considered', 'planned', 'underway', 'done', 'declined')),
        addressee text check (addressee in ('portal', 'tool', 'training')),
        provider_id uuid,
        provider_name text not null default '',
        author_id uuid,
        merged_into uuid references wishes,
        search tsvector not null default ''::tsvector,
        trigrams text[] not null default '{}',
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        check ((provider_id is null) or (addressee in ('tool', 'training')))
      );
      create index wishes_search on wishes using gin (search);
      create index wishes_trigrams on wishes using gin (trigrams);
      create index wishes_provider on wishes (provider_id) where provider_id is not null;
      create index wishes_author on wishes (author_id);

      create table wish_voices (
        wish_id uuid not null references wishes on delete cascade,
        person_id uuid not null,
        school_id uuid not null,
        votes boolean not null default false,
        follows boolean not null default false,
        updated_at timestamptz not null default now(),
        primary key (wish_id, person_id)
      );
      create index wish_voices_person on wish_voices (person_id);
      create index wish_voices_school on wish_voices (school_id);

      create table wish_answers (
        id uuid primary key default gen_random_uuid(),
        wish_id uuid not null references wishes on delete cascade,
        provider_name text not null default '',
        state text not null,
        text text not null,
        author_id uuid,
        created_at timestamptz not null default now()
      );
      create index wish_answers_wish on wish_answers (wish_id, created_at);
      create index wish_answers_author on wish_answers (author_id);
    `,
    down: 'drop table wish_answers, wish_voices, wishes;',
  },
];
