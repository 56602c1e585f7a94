import type { Migration, TableDeclaration } from '@ilearn/core';

export const tables: Record<string, TableDeclaration> = {
  doors: {
    tenant: { none: 'Which invented people visitors of the demonstration may be: the same for every visitor.' },
    people: { person_id: 'subject' },
    keep: 'P5Y',
    erase: 'delete',
    purpose: 'learning',
    use: 'letting visitors look around in the demonstration',
  },
};

export const migrations: Migration[] = [
  {
    name: '0001_doors',
    up: `
      create table doors (
        door text primary key,
        person_id uuid not null,
        updated_at timestamptz not null default now()
      );
    `,
    down: 'drop table doors;',
  },
];
