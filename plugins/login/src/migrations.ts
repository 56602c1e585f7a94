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
  {
    name: '0003_factors',
    up: `
      create table passkeys (
        id uuid primary key default gen_random_uuid(),
        person_id uuid not null references accounts (person_id) on delete cascade,
        credential_id bytea not null unique,
        public_key bytea not null,
        counter bigint not null,
        transports text[] not null,
        synced boolean not null,
        name text not null,
        added_at timestamptz not null,
        used_at timestamptz
      );
      create index passkeys_person on passkeys (person_id);

      create table authenticator_apps (
        person_id uuid primary key references accounts (person_id) on delete cascade,
        secret bytea not null,
        added_at timestamptz not null
      );

      create table recovery_codes (
        person_id uuid not null references accounts (person_id) on delete cascade,
        code_hash bytea not null,
        primary key (person_id, code_hash)
      );

      create table factor_periods (
        person_id uuid primary key references accounts (person_id) on delete cascade,
        since timestamptz not null
      );

      create table used_once (
        key_hash bytea primary key,
        expires_at timestamptz not null
      );
      create index used_once_expires_at on used_once (expires_at);
    `,
    down: `
      drop table used_once;
      drop table factor_periods;
      drop table recovery_codes;
      drop table authenticator_apps;
      drop table passkeys;
    `,
  },
  {
    name: '0004_badges',
    up: `
      create table badges (
        id uuid primary key default gen_random_uuid(),
        school_id uuid not null,
        pupil_id uuid not null,
        secret_hash bytea not null unique,
        short_hash bytea not null unique,
        pictures_hash bytea,
        made_at timestamptz not null,
        used_at timestamptz,
        unique (school_id, pupil_id)
      );
      create index badges_pupil on badges (pupil_id);
      create index badges_made_at on badges (made_at);

      create table badge_windows (
        class_id uuid primary key,
        school_id uuid not null,
        ends_at timestamptz not null
      );
      create index badge_windows_school on badge_windows (school_id);
      create index badge_windows_ends_at on badge_windows (ends_at);
    `,
    down: `
      drop table badge_windows;
      drop table badges;
    `,
  },
  {
    name: '0005_badge_guesses',
    up: 'alter table badges add column wrong int not null default 0',
    down: 'alter table badges drop column wrong',
  },
];
