import type { Migration } from '@ilearn/core';

export const migrations: Migration[] = [
  {
    name: '0001_sign_in',
    up: `
      create table identities (
        id uuid primary key default gen_random_uuid(),
        person_id uuid not null,
        provider text not null,
        issuer text not null,
        subject text not null,
        made text not null check (made in ('roster', 'school', 'own')),
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        unique (provider, issuer, subject)
      );
      create index identities_person on identities (person_id);

      create table provider_sessions (
        handle uuid primary key,
        identity_id uuid not null references identities on delete cascade,
        sid text,
        id_token bytea,
        created_at timestamptz not null default now()
      );
      create index provider_sessions_identity on provider_sessions (identity_id);

      create table flows (
        state_hash bytea primary key,
        browser_hash bytea not null,
        provider text not null,
        return_path text not null,
        school_id uuid,
        person_id uuid,
        session_handle uuid,
        answer text,
        created_at timestamptz not null,
        expires_at timestamptz not null
      );
      create index flows_expires_at on flows (expires_at);
      create index flows_person on flows (person_id) where person_id is not null;

      create table notices (
        id_hash bytea primary key,
        expires_at timestamptz not null
      );

      create table school_providers (
        school_id uuid not null,
        provider text not null,
        realm text not null,
        by_roster boolean not null default false,
        confirmed_at timestamptz,
        updated_at timestamptz not null default now(),
        primary key (school_id, provider, realm)
      );
      create index school_providers_realm on school_providers (provider, realm);

      create table roster_keys (
        school_id uuid not null,
        provider text not null,
        key text not null,
        person_id uuid not null,
        updated_at timestamptz not null default now(),
        primary key (school_id, provider, key)
      );
      create index roster_keys_person on roster_keys (person_id);

      create table waiting (
        id uuid primary key default gen_random_uuid(),
        school_id uuid not null,
        provider text not null,
        issuer text not null,
        subject text not null,
        name text,
        created_at timestamptz not null default now(),
        unique (school_id, provider, issuer, subject)
      );
      create index waiting_age on waiting (school_id, created_at, id);
    `,
    down: 'drop table waiting, roster_keys, school_providers, notices, flows, provider_sessions, identities',
  },
  {
    name: '0002_limits',
    up: `
      alter table identities add column everywhere boolean not null default false;
      alter table provider_sessions add column schools uuid[] default '{}';
    `,
    down: `
      alter table identities drop column everywhere;
      alter table provider_sessions drop column schools;
    `,
  },
  {
    name: '0003_flow_address',
    up: `
      alter table flows add column address_hash bytea;
      create index flows_address on flows (address_hash, created_at);
    `,
    down: 'alter table flows drop column address_hash',
  },
  {
    name: '0004_fresh_flows',
    up: 'alter table flows add column fresh boolean not null default false',
    down: 'alter table flows drop column fresh',
  },
];
