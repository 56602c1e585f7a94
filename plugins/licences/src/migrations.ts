import type { Migration } from '@ilearn/core';

const up = `
  create table tools (
    tool_key text primary key check (tool_key ~ '^[a-z0-9]+(-[a-z0-9]+)*$'),
    provider_id uuid not null,
    name text not null,
    updated_at timestamptz not null default now()
  );
  create index tools_provider on tools (provider_id);

  create table agreements (
    id uuid primary key default gen_random_uuid(),
    provider_id uuid not null,
    name text not null,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );

  -- What was agreed does not change: a renewal is a new plan. Only seats are added, and a plan is withdrawn.
  create table plans (
    id uuid primary key default gen_random_uuid(),
    agreement_id uuid not null references agreements,
    provider_id uuid not null,
    school_ids uuid[] not null default '{}',
    name text not null,
    tools text[] not null check (cardinality(tools) > 0),
    starts_on date not null,
    ends_on date not null check (ends_on >= starts_on),
    grace_days integer not null check (grace_days between 0 and 90),
    seats integer check (seats > 0),
    counts text not null check (counts in ('pupils', 'everyone')),
    price text not null,
    renews uuid unique references plans,
    withdrawn_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  create index plans_provider on plans (provider_id, created_at, id);
  create index plans_schools on plans using gin (school_ids);
  create index plans_ends on plans (ends_on) where withdrawn_at is null;

  create table grants (
    plan_id uuid not null references plans,
    school_id uuid not null,
    provider_id uuid not null,
    number text not null check (number ~ '^[0-9]{6}$'),
    school_name text not null,
    most_seats integer check (most_seats > 0),
    group_id uuid,
    withdrawn_at timestamptz,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (plan_id, school_id)
  );
  create index grants_school on grants (school_id);

  create table group_grants (
    plan_id uuid not null references plans,
    group_id uuid not null,
    provider_id uuid not null,
    name text not null,
    primary key (plan_id, group_id)
  );

  create table school_choices (
    plan_id uuid not null references plans,
    school_id uuid not null,
    only_chosen boolean not null,
    primary key (plan_id, school_id)
  );

  create table class_choices (
    plan_id uuid not null references plans,
    class_id uuid not null,
    school_id uuid not null,
    created_at timestamptz not null default now(),
    primary key (plan_id, class_id)
  );
  create index class_choices_class on class_choices (class_id);

  -- One row for each person: giving a seat back and taking it again makes no second one.
  create table seats (
    plan_id uuid not null references plans,
    person_id uuid not null,
    school_id uuid not null,
    ends_on date not null,
    taken_at timestamptz not null default now(),
    withdrawn_at timestamptz,
    updated_at timestamptz not null default now(),
    primary key (plan_id, person_id)
  );
  create index seats_taken on seats (plan_id, school_id) where withdrawn_at is null;
  create index seats_person on seats (person_id);

  create table requests (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null,
    provider_id uuid not null,
    tool_key text not null,
    number text not null,
    school_name text not null,
    state text not null default 'asked' check (state in ('asked', 'offered', 'accepted', 'declined', 'withdrawn')),
    wanted_seats integer check (wanted_seats > 0),
    note text not null,
    offer_starts_on date,
    offer_ends_on date,
    offer_grace_days integer,
    offer_seats integer check (offer_seats > 0),
    offer_counts text check (offer_counts in ('pupils', 'everyone')),
    offer_price text,
    offer_until date,
    answer text not null default '',
    plan_id uuid references plans,
    asked_by uuid,
    decided_by uuid,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  create index requests_school on requests (school_id, created_at, id);
  create index requests_provider on requests (provider_id, created_at, id);

  create unique index requests_open on requests (school_id, tool_key) where state in ('asked', 'offered');

  create table warnings (
    plan_id uuid not null references plans,
    school_id uuid not null,
    days integer not null,
    primary key (plan_id, school_id, days)
  );
`;

const down = `
  drop table warnings, requests, seats, class_choices, school_choices, group_grants, grants, plans, agreements, tools;
`;

export const migrations: Migration[] = [
  { name: '0001_licences', up, down },
  {
    name: '0002_kept_decisions',
    up: `
      -- A school that left a group gets the plan again when it comes back; one from which the provider withdrew it does not.
      alter table grants add withdrawn_by_group boolean not null default false;
      -- Since when the tool needs a licence.
      alter table tools add since timestamptz not null default now();
      -- Hand-outs that were copied to a class of the next school year.
      create table turned_choices (
        plan_id uuid not null references plans on delete cascade,
        from_class uuid not null,
        to_class uuid not null,
        school_id uuid not null,
        rollover_id uuid not null,
        primary key (plan_id, from_class)
      );
      create index on turned_choices (school_id);
      create index on turned_choices (rollover_id);
    `,
    down: `
      drop table turned_choices;
      alter table tools drop since;
      alter table grants drop withdrawn_by_group;
    `,
  },
  {
    name: '0003_seat_decisions',
    up: `
      -- By what a seat is taken, or taken back: a launch, a class to which the licence is handed out, or a decision about the person.
      alter table seats add way text not null default 'entry' check (way in ('entry', 'class', 'person'));
      -- What was taken back before may have been a decision about the person, which nothing else may undo.
      update seats set way = 'person' where withdrawn_at is not null;
    `,
    down: 'alter table seats drop way;',
  },
  {
    name: '0004_seat_warnings',
    up: `
      -- Schools that were told that few seats are left, by how many there were then.
      create table seat_warnings (
        plan_id uuid not null references plans on delete cascade,
        school_id uuid not null,
        seats integer not null,
        primary key (plan_id, school_id, seats)
      );
      create index on seat_warnings (school_id);
    `,
    down: 'drop table seat_warnings;',
  },
  {
    name: '0005_seats_of_classes',
    up: `
      -- Of what was taken back before its way was kept: seats that went in one statement went with a class, and come back with one.
      update seats s set way = 'class'
      from (
        select plan_id, school_id, withdrawn_at from seats where withdrawn_at is not null and way = 'person'
        group by plan_id, school_id, withdrawn_at having count(*) > 1
      ) c
      where s.plan_id = c.plan_id and s.school_id = c.school_id and s.withdrawn_at = c.withdrawn_at and s.way = 'person';
    `,
    down: '',
  },
];
