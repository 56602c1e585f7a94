import type { Migration } from '../../../contract/table.js';

/** Plugins, roles, sessions, secrets, messages and schedules. */
export const kernelMigration: Migration = {
  name: '0001_kernel',
  up: `
    create table kernel.plugins (
      id text primary key,
      version text not null,
      fingerprint text not null,
      migrated_at timestamptz not null default now()
    );
    create table kernel.role_grants (
      person_id uuid not null,
      school_id text,
      role text not null,
      unique nulls not distinct (person_id, school_id, role)
    );
    create table kernel.sessions (
      id_hash bytea primary key,
      person_id uuid not null,
      display_name text not null,
      language text,
      created_at timestamptz not null default now(),
      seen_at timestamptz not null default now(),
      expires_at timestamptz not null
    );
    create index on kernel.sessions (person_id);
    create index on kernel.sessions (expires_at);
    create table kernel.secrets (name text primary key, value bytea not null, created_at timestamptz not null default now());
    create table kernel.messages (
      id uuid primary key default gen_random_uuid(),
      position bigint generated always as identity,
      plugin text not null,
      kind text not null check (kind in ('event', 'job')),
      name text not null,
      payload jsonb not null,
      schools jsonb not null,
      due_at timestamptz not null default now(),
      created_at timestamptz not null default now(),
      taken_at timestamptz,
      failed_at timestamptz,
      failure text
    );
    create index on kernel.messages (position) where taken_at is null;
    create table kernel.schedules (
      plugin text not null,
      job text not null,
      cron text not null,
      next_at timestamptz not null,
      primary key (plugin, job)
    );
  `,
  down: 'drop table kernel.schedules, kernel.messages, kernel.secrets, kernel.sessions, kernel.role_grants, kernel.plugins',
};
