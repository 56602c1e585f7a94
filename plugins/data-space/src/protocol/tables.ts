import type { Migration, TableDeclaration } from '@ilearn/core';

export const protocolTables: Record<string, TableDeclaration> = {
  partners: { tenant: { none: 'Organisations that may ask for data, with a hash of their token.' } },
  used_identities: {
    tenant: { none: 'Hashes of tokens with which organisations proved who they are, so that each counts once.' },
  },
  negotiations: {
    tenant: { none: 'What was negotiated with an organisation; the routes show it to that one only.' },
    notPeople: { reason: 'why an organisation ended it' },
  },
  agreements: { tenant: { none: 'What was agreed with an organisation.' } },
  transfers: {
    tenant: { none: 'What is handed over to an organisation.' },
    notPeople: { reason: 'why an organisation ended it' },
  },
};

export const tokenOverlap: Migration = {
  name: '0006_token_overlap',
  up: 'alter table partners add column old_token_hash bytea unique, add column old_token_until timestamptz',
  down: 'alter table partners drop column old_token_hash, drop column old_token_until',
};

export const usedIdentities: Migration = {
  name: '0009_used_identities',
  up: `
    create table used_identities (token_hash bytea primary key, expires_at timestamptz not null);
    create index used_identities_expiry on used_identities (expires_at);
  `,
  down: 'drop table used_identities',
};

export const protocolMigrations: Migration[] = [
  {
    name: '0002_protocol',
    up: `
      create table partners (
        id uuid primary key default gen_random_uuid(),
        participant text not null unique,
        organisation text not null,
        token_hash bytea not null unique,
        -- Whether its requests are granted without a person.
        automatic boolean not null,
        active boolean not null default true,
        created_at timestamptz not null default now()
      );

      create table negotiations (
        id uuid primary key default gen_random_uuid(),
        partner_id uuid not null references partners,
        release_id uuid not null references releases,
        consumer_pid text not null,
        callback text not null,
        state text not null default 'REQUESTED'
          check (state in ('REQUESTED', 'OFFERED', 'ACCEPTED', 'AGREED', 'VERIFIED', 'FINALIZED', 'TERMINATED')),
        code text,
        reason jsonb,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        unique (partner_id, consumer_pid)
      );
      create index negotiations_latest on negotiations (created_at desc, id);

      create table agreements (
        id uuid primary key default gen_random_uuid(),
        negotiation_id uuid not null unique references negotiations,
        partner_id uuid not null references partners,
        release_id uuid not null references releases,
        agreed_at timestamptz not null default now(),
        ends_at timestamptz not null,
        -- Ended before that by the portal.
        ended_at timestamptz
      );

      create table transfers (
        id uuid primary key default gen_random_uuid(),
        partner_id uuid not null references partners,
        agreement_id uuid not null references agreements,
        consumer_pid text not null,
        callback text not null,
        state text not null default 'REQUESTED' check (state in ('REQUESTED', 'STARTED', 'SUSPENDED', 'COMPLETED', 'TERMINATED')),
        suspended_by text check (suspended_by in ('consumer', 'provider')),
        -- Each start has a token of its own.
        starts int not null default 0,
        code text,
        reason jsonb,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        unique (partner_id, consumer_pid)
      );
      create index transfers_agreement on transfers (agreement_id, created_at);
      create index transfers_latest on transfers (created_at desc, id);
    `,
    down: 'drop table transfers, agreements, negotiations, partners',
  },
];
