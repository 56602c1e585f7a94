import type { Migration, TableDeclaration } from '@ilearn/core';

export const tables: Record<string, TableDeclaration> = {
  connections: {
    tenant: 'school_id',
    notPeople: { address: 'Where the school’s own system is.', token_address: 'Where it gives tokens.' },
  },
  runs: {
    tenant: 'school_id',
    people: { requested_by: 'author' },
    keep: { for: 'P1Y', since: 'started_at' },
    erase: 'anonymise',
    notPeople: {
      position: 'Which list is being read, and up to where.',
      orgs: 'Ids and names of the school and its departments.',
      removals: 'How many people, classes and places would be removed, with the names of classes.',
      changes: 'How many people, classes and places were added, changed and removed.',
    },
    withheld: { report: 'Ids of another system, encrypted, for 30 days.' },
    purpose: 'learning',
    use: 'showing the school what was taken over from its own system',
  },
  pages: {
    tenant: 'school_id',
    keep: { for: 'P7D', since: 'created_at' },
    purpose: 'learning',
    use: 'taking over the people of a school in one piece, once all of them have been read',
    notPeople: { sealed: 'A page of the school’s own system, encrypted, until it has been taken over.' },
  },
};

const up = `
  create table connections (
    school_id uuid primary key,
    address text not null,
    path text not null check (path in ('v1p1', 'v1p2')),
    shape text not null check (shape in ('1.1', '1.2')),
    authentication text not null check (authentication in ('body', 'basic')),
    token_address text not null,
    scope text not null,
    client_id text not null,
    own_org text not null,
    accounts text not null check (accounts in ('none', 'smartschool')),
    nightly boolean not null,
    secret bytea not null,
    updated_at timestamptz not null default now()
  );

  create table runs (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null,
    kind text not null check (kind in ('preview', 'manual', 'nightly')),
    state text not null check (state in ('reading', 'applying', 'ready', 'held', 'done', 'failed', 'rejected', 'replaced')),
    requested_by uuid,
    step integer not null default 0,
    tries integer not null default 0,
    position jsonb,
    orgs jsonb,
    objects integer not null default 0,
    pages integer not null default 0,
    approved boolean not null default false,
    removals jsonb not null default '[]' check (jsonb_typeof(removals) = 'array'),
    changes jsonb,
    left_out integer not null default 0,
    report bytea,
    failure text,
    started_at timestamptz not null default now(),
    ended_at timestamptz,
    updated_at timestamptz not null default now()
  );
  create unique index runs_active on runs (school_id) where state in ('reading', 'applying');
  create index runs_school on runs (school_id, started_at, id);

  create table pages (
    run_id uuid not null references runs on delete cascade,
    number integer not null,
    school_id uuid not null,
    sealed bytea not null,
    created_at timestamptz not null default now(),
    primary key (run_id, number)
  );
`;

export const migrations: Migration[] = [
  { name: '0001_rosters', up, down: 'drop table pages, runs, connections;' },
  {
    name: '0002_compared_at',
    // When what waits for a decision was compared with the school.
    up: 'alter table runs add column compared_at timestamptz',
    down: 'alter table runs drop column compared_at',
  },
];
