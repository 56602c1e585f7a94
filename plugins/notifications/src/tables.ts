import type { Migration, TableDeclaration } from '@ilearn/core';

const anySchool = { none: 'It belongs to a person, who may be in several schools; only that person reads it.' };

export const tables: Record<string, TableDeclaration> = {
  notifications: {
    tenant: anySchool,
    people: { person_id: 'subject' },
    notPeople: { params: 'titles, numbers and dates in the sentence; plugins may not put names or results in it' },
    keep: { for: 'P90D', since: 'happened_at' },
    erase: 'delete',
    purpose: 'learning',
    use: 'telling people that there is something for them',
  },
  choices: {
    tenant: anySchool,
    people: { person_id: 'subject' },
    keep: 'P5Y',
    erase: 'delete',
    purpose: 'learning',
    use: 'telling people only what they want to hear, and in the way that they chose',
  },
  preferences: {
    tenant: anySchool,
    people: { person_id: 'subject' },
    keep: 'P5Y',
    erase: 'delete',
    purpose: 'learning',
    use: 'telling people only what they want to hear, and in the way that they chose',
  },
  mails: {
    tenant: { none: 'An e-mail to a person, who may be in several schools; operators see it without its recipient.' },
    people: { person_id: 'subject' },
    // It may be about another school.
    export: 'whole',
    notPeople: {
      kinds: 'names of kinds of notification, and how many of each',
      params: 'titles, numbers and dates in a letter; plugins may not put names in it',
      sealed: 'the link of a letter, encrypted until it is sent',
      recipient: 'the address of somebody without an account, encrypted until the letter is sent',
      files: 'files of an e-mail, encrypted until it is sent',
      awaits: 'names of kinds of notification',
    },
    withheld: {
      sealed: 'Whoever holds the file could use the link.',
      files: 'They are in the e-mail.',
      fingerprint: 'A keyed hash of the address, of no use to anybody.',
    },
    keep: 'P30D',
    erase: 'delete',
    purpose: 'learning',
    use: 'telling people that there is something for them',
    recipients: [
      'the mail server of the operator: the e-mail address, that there is something to see, and files such as an entry for a calendar',
    ],
  },
  addresses: {
    tenant: { none: 'It belongs to a person, who may be in several schools; only sending reads it.' },
    people: { person_id: 'subject' },
    keep: 'P1Y',
    erase: 'delete',
    withheld: { fingerprint: 'A keyed hash of the address, of no use to anybody.' },
    purpose: 'safe-environment',
    use: 'sending no more e-mail to an address that refuses it',
  },
};

export const migrations: Migration[] = [
  {
    name: '0001_notifications',
    up: `
      create table notifications (
        id uuid primary key default gen_random_uuid(),
        person_id uuid not null,
        kind text not null,
        place text not null,
        params jsonb not null default '{}',
        times int not null default 1,
        channel text not null,
        happened_at timestamptz not null default now(),
        read_at timestamptz,
        mailed_at timestamptz
      );
      create unique index notifications_unread on notifications (person_id, kind, place) where read_at is null;
      create index notifications_newest on notifications (person_id, happened_at desc);
      create index notifications_age on notifications (happened_at);

      create table choices (
        person_id uuid not null,
        kind text not null,
        channel text not null check (channel in ('off', 'portal', 'now', 'daily', 'weekly')),
        updated_at timestamptz not null default now(),
        primary key (person_id, kind)
      );
    `,
    down: 'drop table choices, notifications',
  },
  {
    name: '0002_mail',
    up: `
      create index notifications_pending on notifications (channel, person_id) where read_at is null and mailed_at is null;

      create table preferences (
        person_id uuid primary key,
        mails boolean not null default true,
        language text check (language in ('nl', 'en', 'fr')),
        quiet_from time,
        quiet_to time,
        updated_at timestamptz not null default now(),
        check ((quiet_from is null) = (quiet_to is null))
      );

      create table mails (
        id uuid primary key default gen_random_uuid(),
        person_id uuid not null,
        channel text not null,
        kinds jsonb not null,
        state text not null default 'waiting'
          check (state in ('waiting', 'held', 'failed', 'bounced', 'refused', 'dropped', 'sent')),
        tries int not null default 0,
        answer text,
        next_try_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create index mails_state on mails (state, created_at desc);
      create index mails_person on mails (person_id, created_at desc);
      create index mails_age on mails (updated_at);

      create table addresses (
        person_id uuid primary key,
        fingerprint text not null,
        answer text not null,
        updated_at timestamptz not null default now()
      );
    `,
    down: 'drop table addresses, mails, preferences; drop index notifications_pending',
  },
  {
    name: '0003_letters',
    up: `
      alter table mails add params jsonb not null default '{}', add sealed bytea, add until timestamptz, add fingerprint text;
      create index mails_fingerprint on mails (fingerprint, created_at desc) where fingerprint is not null;
    `,
    down: `
      drop index mails_fingerprint;
      alter table mails drop params, drop sealed, drop until, drop fingerprint;
    `,
  },
  {
    name: '0004_attachments',
    up: `alter table mails add files bytea, add awaits text[] not null default '{}'`,
    down: 'alter table mails drop files, drop awaits',
  },
  {
    // A letter to somebody without an account: no person, but an address.
    name: '0005_addressed_letters',
    up: `alter table mails alter person_id drop not null, add recipient bytea, add language text check (language in ('nl', 'en', 'fr'))`,
    down: `
      delete from mails where person_id is null;
      alter table mails alter person_id set not null, drop recipient, drop language;
    `,
  },
];
