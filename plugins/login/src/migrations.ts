import type { Migration } from '@ilearn/core';

export const migrations: Migration[] = [
  {
    name: '0001_accounts',
    up: `
      create table accounts (
        person_id uuid primary key,
        username text not null unique,
        password_hash text not null,
        expires_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create index accounts_expires_at on accounts (expires_at) where expires_at is not null;

      create table temporary_accounts (
        person_id uuid primary key references accounts (person_id) on delete cascade,
        school_id uuid not null,
        role text not null,
        created_at timestamptz not null default now()
      );
      create index temporary_accounts_school_id on temporary_accounts (school_id);

      create table throttles (
        key bytea primary key,
        forgotten_at timestamptz not null,
        blocked_until timestamptz
      );
      create index throttles_forgotten_at on throttles (forgotten_at);
    `,
    down: `
      drop table throttles;
      drop table temporary_accounts;
      drop table accounts;
    `,
  },
  {
    name: '0002_invitations',
    up: `
      create table invitations (
        person_id uuid primary key,
        provider_id uuid not null,
        invited_by uuid,
        token_hash bytea not null unique,
        letter_id uuid,
        sent_at timestamptz not null,
        expires_at timestamptz not null,
        accepted_at timestamptz,
        withdrawn_at timestamptz
      );
      create index invitations_provider on invitations (provider_id);
      create index invitations_expires_at on invitations (expires_at);
    `,
    down: 'drop table invitations',
  },
];
