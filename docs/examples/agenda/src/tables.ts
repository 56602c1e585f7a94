import type { Migration, TableDeclaration } from '@ilearn/core';

/** Whose data each table holds. The kernel makes row-level security, export, erasure and retention out of it. */
export const tables: Record<string, TableDeclaration> = {
  homework: {
    tenant: 'school_id',
    people: { given_by: 'author' },
    keep: { for: 'P1Y', since: 'due_on' },
    // The class keeps the task when its teacher is erased; only the id of the teacher goes.
    erase: 'anonymise',
    purpose: 'learning',
    use: 'telling a class what to do at home',
  },
  homework_photos: { tenant: 'school_id' },
  ticks: {
    tenant: 'school_id',
    people: { pupil_id: 'subject' },
    keep: { with: 'homework' },
    erase: 'delete',
    purpose: 'learning',
    use: 'letting pupils tick off what is done',
  },
};

/** Never change a migration that was released: add the next one. */
export const migrations: Migration[] = [
  {
    name: '0001_homework',
    up: `create table homework (
           id uuid primary key default gen_random_uuid(),
           school_id uuid not null,
           class_id uuid not null,
           given_by uuid,
           subject text not null,
           title text not null,
           details text not null,
           due_on date not null,
           minutes int not null check (minutes between 0 and 600),
           given_at timestamptz not null default now()
         );
         create index homework_by_class on homework (class_id, due_on);
         create table homework_photos (
           id uuid primary key default gen_random_uuid(),
           school_id uuid not null,
           homework_id uuid not null references homework on delete cascade,
           photo_id uuid not null references photos on delete cascade
         );
         create index homework_photos_by_homework on homework_photos (homework_id);
         create index homework_photos_by_photo on homework_photos (photo_id);
         create table ticks (
           homework_id uuid not null references homework on delete cascade,
           pupil_id uuid not null,
           school_id uuid not null,
           ticked_at timestamptz not null default now(),
           primary key (homework_id, pupil_id)
         );`,
    down: 'drop table ticks, homework_photos, homework',
  },
];
