import type { Migration, TableDeclaration } from '@ilearn/core';

export const rolloverTables: Record<string, TableDeclaration> = {
  rollovers: { tenant: 'school_id', notPeople: { pairs: 'ids of classes' } },
  rollover_classes: { tenant: 'school_id' },
  rollover_pupils: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    keep: 'P1Y',
    erase: 'delete',
    purpose: 'learning',
    use: 'knowing who goes to which class next school year',
  },
  rollover_leavers: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    keep: { for: 'P1D', since: 'begins_on' },
    erase: 'delete',
    purpose: 'learning',
    use: 'knowing whom files of the old school year do not bring back',
  },
  rollover_rows: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    keep: 'P30D',
    erase: 'delete',
    purpose: 'learning',
    use: 'undoing the turn of the school year',
  },
};

export const rolloverMigration: Migration = {
  name: '0008_rollovers',
  up: `
    -- The turn of a school to a school year. teachers: which ones the classes get that are made. paths: whether what was given to a class goes
    -- along with it. pairs: [{ from, to }], the classes whose pupils all went to one class.
    create table rollovers (
      id uuid primary key default gen_random_uuid(),
      school_id uuid not null references schools on delete cascade,
      from_year text not null,
      to_year text not null,
      teachers text not null default 'same-name' check (teachers in ('same-name', 'along', 'none')),
      paths boolean not null default false,
      pairs jsonb not null default '[]',
      applied_at timestamptz,
      undo_until timestamptz,
      updated_at timestamptz not null default now(),
      unique (school_id, to_year)
    );

    -- What was chosen for a class or group, where it is not what is proposed. to_name: the class of next year.
    create table rollover_classes (
      rollover_id uuid not null references rollovers on delete cascade,
      class_id uuid not null references classes on delete cascade,
      school_id uuid not null,
      outcome text not null check (outcome in ('to', 'leaves', 'none')),
      to_name text check ((to_name is not null) = (outcome = 'to')),
      primary key (rollover_id, class_id)
    );
    create index rollover_classes_class on rollover_classes (class_id);
    create index rollover_classes_school on rollover_classes (school_id);

    -- The same for pupils who do not go where their class goes.
    create table rollover_pupils (
      rollover_id uuid not null references rollovers on delete cascade,
      class_id uuid not null references classes on delete cascade,
      person_id uuid not null references people on delete cascade,
      school_id uuid not null,
      outcome text not null check (outcome in ('to', 'leaves', 'none')),
      to_name text check ((to_name is not null) = (outcome = 'to')),
      updated_at timestamptz not null default now(),
      primary key (rollover_id, class_id, person_id)
    );
    create index rollover_pupils_class on rollover_pupils (class_id);
    create index rollover_pupils_person on rollover_pupils (person_id);
    create index rollover_pupils_school on rollover_pupils (school_id);

    -- Each row that applying wrote, as it was and as it became; before: null if it is new; after: null if it was deleted.
    create table rollover_rows (
      rollover_id uuid not null references rollovers on delete cascade,
      source text not null,
      row_id uuid not null,
      school_id uuid not null,
      person_id uuid references people on delete cascade,
      before jsonb,
      after jsonb,
      updated_at timestamptz not null default now(),
      primary key (rollover_id, source, row_id)
    );
    create index rollover_rows_person on rollover_rows (person_id);
    create index rollover_rows_school on rollover_rows (school_id);
    create index rollover_rows_row on rollover_rows (source, row_id);
  `,
  down: 'drop table rollover_rows, rollover_pupils, rollover_classes, rollovers;',
};

export const leaversMigration: Migration = {
  name: '0011_rollover_leavers',
  up: `
    -- Pupils whose place ended by a turn, until its school year begins: files of the old year do not bring them back.
    create table rollover_leavers (
      rollover_id uuid not null references rollovers on delete cascade,
      person_id uuid not null references people on delete cascade,
      school_id uuid not null,
      begins_on date not null,
      updated_at timestamptz not null default now(),
      primary key (rollover_id, person_id)
    );
    create index rollover_leavers_person on rollover_leavers (person_id);
    create index rollover_leavers_school on rollover_leavers (school_id);
  `,
  down: 'drop table rollover_leavers;',
};
