import type { Migration } from '../contract/table.js';

/** The kernel's own tables, in the schema `kernel`; no plugin's role may read them. */
export const kernelMigrations: Migration[] = [
  {
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
      create table kernel.outbox (
        id uuid primary key default gen_random_uuid(),
        position bigint generated always as identity,
        plugin text not null,
        kind text not null check (kind in ('event', 'job')),
        name text not null,
        payload jsonb not null,
        schools jsonb not null,
        delay_seconds integer not null default 0,
        created_at timestamptz not null default now()
      );
      create index on kernel.outbox (position);
      create table kernel.receipts (
        message_id uuid not null,
        plugin text not null,
        name text not null,
        handled_at timestamptz not null default now(),
        primary key (message_id, plugin, name)
      );
      create index on kernel.receipts (handled_at);
    `,
    down: 'drop table kernel.receipts, kernel.outbox, kernel.secrets, kernel.sessions, kernel.role_grants, kernel.plugins',
  },
];
