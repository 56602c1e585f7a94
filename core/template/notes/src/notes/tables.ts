import type { Migration, TableDeclaration } from '@ilearn/core';

/** Every table is declared. The kernel makes row-level security, export, erasure and retention out of it. */
export const tables: Record<string, TableDeclaration> = {
  notes: {
    tenant: 'school_id',
    people: { author_id: 'author' },
    keep: 'P1Y',
    erase: 'anonymise',
    purpose: 'school-life',
    use: 'telling each other what goes on at school',
  },
};

/** An applied migration is never changed: add the next one. */
export const migrations: Migration[] = [
  {
    name: '0001_notes',
    up: `create table notes (
           id uuid primary key default gen_random_uuid(),
           school_id uuid not null,
           author_id uuid,
           text text not null,
           created_at timestamptz not null default now(),
           updated_at timestamptz not null default now()
         );
         create index notes_by_school on notes (school_id, created_at desc);`,
    down: 'drop table notes',
  },
];
