import type { Migration } from '@ilearn/core';

export const outagesMigrations: Migration[] = [
  {
    name: '0050_outages',
    up: `
      create table tool_states (
        tool_key text primary key,
        name text not null,
        measured text not null default 'works' check (measured in ('works', 'slow', 'down')),
        -- What a helper said; null: as measured.
        by_hand text check (by_hand in ('works', 'slow', 'down')),
        launches int not null default 0,
        failures int not null default 0,
        median_seconds double precision,
        since timestamptz not null default now(),
        measured_at timestamptz not null default now()
      );

      create table outages (
        id uuid primary key default gen_random_uuid(),
        tools text[] not null check (cardinality(tools) between 1 and 50),
        severity text not null check (severity in ('slow', 'down')),
        -- A text for each audience; an empty one: what everyone reads.
        public_text text not null default '',
        staff_text text not null default '',
        pupil_text text not null default '',
        author_id uuid,
        started_at timestamptz not null default now(),
        ended_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        check (ended_at is null or ended_at >= started_at)
      );
      create index outages_open on outages using gin (tools) where ended_at is null;
      create index outages_started on outages (started_at, id);
    `,
    down: 'drop table outages, tool_states;',
  },
];
