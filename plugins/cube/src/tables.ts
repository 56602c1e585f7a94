import type { Migration, TableDeclaration } from '@ilearn/core';

export const tables: Record<string, TableDeclaration> = {
  marks: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    keep: 'P7D',
    erase: 'delete',
    purpose: 'reports',
    use: 'counting what happened, until the next hour',
  },
  seen: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    keep: { for: 'P14D', since: 'ends_on' },
    erase: 'delete',
    purpose: 'reports',
    use: 'counting a person once in a week, a month and a school year',
  },
  cells: { tenant: 'school_id' },
  places: { tenant: 'school_id', notPeople: { school_name: 'a school', group_name: 'a group of schools' } },
  items: { tenant: { none: 'Names of tools and goals, which are public.' } },
  started: { tenant: { none: 'From which day each number was counted.' } },
  publications: { tenant: { none: 'Which periods were published.' } },
  figures: { tenant: { column: 'tenant_ids', nullMeansShared: true } },
};

const up = `
  create table marks (
    id bigint primary key generated always as identity,
    school_id uuid not null,
    person_id uuid not null,
    measure text not null,
    items text[] not null,
    day date not null,
    amount int not null check (amount >= 0),
    updated_at timestamptz not null default now()
  );
  create index marks_person on marks (person_id);

  create table seen (
    grain text not null check (grain in ('day', 'week', 'month', 'year')),
    starts_on date not null,
    ends_on date not null,
    school_id uuid not null,
    measure text not null,
    item text not null,
    person_id uuid not null,
    primary key (person_id, grain, starts_on, school_id, measure, item)
  );
  create index seen_ends on seen (ends_on);

  create table cells (
    grain text not null check (grain in ('week', 'month', 'year')),
    starts_on date not null,
    school_id uuid not null,
    measure text not null,
    item text not null,
    value bigint not null,
    people int not null,
    primary key (grain, starts_on, school_id, measure, item)
  );

  create table places (
    school_year date not null,
    school_id uuid not null,
    school_name text not null,
    level text not null,
    region text not null,
    group_id uuid,
    group_name text,
    primary key (school_year, school_id)
  );

  create table items (item text primary key, name text not null);

  create table started (measure text primary key, day date not null);

  create table publications (
    grain text not null,
    starts_on date not null,
    ends_on date not null,
    -- School days in it, for the shading of holidays.
    school_days smallint not null,
    published_at timestamptz not null default now(),
    primary key (grain, starts_on)
  );

  create table figures (
    grain text not null,
    starts_on date not null,
    measure text not null,
    place_kind text not null check (place_kind in ('all', 'region', 'level', 'group', 'school')),
    place text not null,
    item text not null,
    mark text not null check (mark in ('shown', 'small', 'hidden', 'withheld')),
    value int check ((value is not null) = (mark = 'shown')),
    tenant_ids uuid[],
    primary key (grain, starts_on, measure, place_kind, place, item)
  );
  create index figures_read on figures (place_kind, place, grain, measure, starts_on);

  -- What other plugins read. Everything in it has passed the suppression.
  create view published_figures as
    select grain, starts_on, measure, place_kind, place, item, mark, value from figures;
  create view published_periods as select grain, starts_on, ends_on, school_days, published_at from publications;
  create view measure_starts as select measure, day from started;
  create view item_names as select item, name from items;
  create view school_places as
    select school_year, school_id, school_name, level, region, group_id, group_name from places;
`;

const down = `
  drop view published_figures, published_periods, measure_starts, item_names, school_places;
  drop table figures, publications, started, items, places, cells, seen, marks;
`;

export const migrations: Migration[] = [{ name: '0001_cube', up, down }];
