import type { Migration, TableDeclaration } from '@ilearn/core';

const ofNoSchool = {
  none: 'Of no school of this portal yet: administrators read it, and whoever has the secret link of one entry, that entry.',
};

export const tables: Record<string, TableDeclaration> = {
  entries: {
    tenant: ofNoSchool,
    people: { person_id: 'subject' },
    keep: { for: 'P1D', since: 'kept_until' },
    erase: 'delete',
    withheld: { confirm_hash: 'Of no use to anybody.', accept_hash: 'Of no use to anybody.' },
    purpose: 'joining',
    use: 'offering a place to a school that asked for one',
  },
  entry_schools: { tenant: ofNoSchool, notPeople: { name: 'the name of a school' } },
  joined_schools: {
    tenant: 'school_id',
    notPeople: { steps: 'what was said about each step: done, or later' },
  },
  quotas: { tenant: { none: 'Counts requests by a keyed hash for some hours; holds no name and no address.' } },
  sandboxes: { tenant: 'school_id' },
  demo_requests: {
    tenant: { none: 'A keyed hash of an address that asked for a demo account, until its link is used or ends.' },
  },
  demo_accounts: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    // The row says whom to erase, and goes with them: it must outlast a time in which no job runs.
    keep: { for: 'P30D', since: 'ends_at' },
    erase: 'delete',
    withheld: { address_hash: 'A keyed hash of the address, of no use to anybody.' },
    purpose: 'joining',
    use: 'letting somebody try i-Learn for a while, once for each e-mail address',
  },
};

export const migrations: Migration[] = [
  {
    name: '0001_joining',
    up: `
      create table entries (
        id uuid primary key default gen_random_uuid(),
        -- The order of the list, within a priority.
        number bigint not null generated always as identity unique,
        kind text not null check (kind in ('school', 'group')),
        -- Name of the school group; null for a school.
        group_name text,
        given_name text not null,
        family_name text not null,
        email text not null,
        function text not null,
        language text not null check (language in ('nl', 'en', 'fr')),
        remark text not null default '',
        state text not null,
        priority smallint not null default 0 check (priority between -1 and 1),
        confirm_hash bytea unique,
        offer_until timestamptz,
        -- What the contact reads about a decision.
        reason text,
        merged_into uuid references entries on delete set null,
        -- The first account that was made for the entry.
        person_id uuid,
        requested_at timestamptz not null,
        changed_at timestamptz not null,
        kept_until timestamptz not null,
        check ((state = 'unconfirmed') = (confirm_hash is not null)),
        check ((state = 'offered') = (offer_until is not null)),
        check ((kind = 'group') = (group_name is not null))
      );
      create index entries_order on entries (state, priority desc, number);
      create index entries_offers on entries (offer_until) where state = 'offered';
      create index entries_kept on entries (kept_until);
      create index entries_email on entries (lower(email));
      create index entries_merged on entries (merged_into) where merged_into is not null;
      create index entries_person on entries (person_id) where person_id is not null;

      create table entry_schools (
        entry_id uuid not null references entries on delete cascade,
        number text not null check (number ~ '^[0-9]{6}$'),
        name text not null,
        primary key (entry_id, number)
      );
      create index entry_schools_number on entry_schools (number);

      create table joined_schools (
        school_id uuid primary key,
        entry_id uuid not null,
        steps jsonb not null default '{}',
        joined_at timestamptz not null,
        finished_at timestamptz
      );
      create index joined_schools_entry on joined_schools (entry_id);

      create table quotas (
        key bytea primary key,
        tries int not null,
        until timestamptz not null
      );
      create index quotas_until on quotas (until);

      create table sandboxes (
        school_id uuid primary key,
        class_id uuid
      );

      create table demo_requests (
        token_hash bytea primary key,
        address_hash bytea not null unique,
        ends_at timestamptz not null
      );
      create index demo_requests_ends on demo_requests (ends_at);

      create table demo_accounts (
        person_id uuid primary key,
        school_id uuid not null,
        address_hash bytea not null unique,
        ends_at timestamptz not null
      );
      create index demo_accounts_ends on demo_accounts (ends_at);
      create index demo_accounts_school on demo_accounts (school_id);
    `,
    down: 'drop table demo_accounts, demo_requests, sandboxes, quotas, joined_schools, entry_schools, entries;',
  },
  {
    name: '0002_accept_links',
    up: `
      -- Of the link in the letter about an offer, while it stands.
      alter table entries add accept_hash bytea unique,
        add check (accept_hash is null or state = 'offered');
    `,
    down: 'alter table entries drop accept_hash;',
  },
  {
    name: '0003_sandboxes',
    up: `
      -- Whether everybody knows the passwords of accounts of this portal. Until now only the demonstration made sandboxes.
      alter table sandboxes add published boolean not null default true;
      alter table sandboxes alter published drop default, drop class_id;
    `,
    down: 'alter table sandboxes add class_id uuid, drop published;',
  },
  {
    name: '0004_groups_of_offers',
    up: `
      -- The school group that the administrators chose for the schools of an offer. What was offered before made one.
      alter table entries add group_id uuid, add new_group boolean not null default false;
      update entries set new_group = true where kind = 'group' and state = 'offered';
    `,
    down: 'alter table entries drop group_id, drop new_group;',
  },
];
