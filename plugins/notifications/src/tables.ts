import type { Migration, TableDeclaration } from '@ilearn/core';

const anySchool = { none: 'It belongs to a person, who may be in several schools; only that person reads it.' };

export const tables: Record<string, TableDeclaration> = {
  notifications: {
    tenant: anySchool,
    people: { person_id: 'subject' },
    notPeople: { params: 'titles, numbers and dates in the sentence; plugins may not put names or results in it' },
    keep: { for: 'P90D', since: 'happened_at' },
    erase: 'delete',
    purpose: 'telling people that there is something for them',
  },
  choices: {
    tenant: anySchool,
    people: { person_id: 'subject' },
    keep: 'P5Y',
    erase: 'delete',
    purpose: 'telling people only what they want to hear, and in the way that they chose',
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
];
