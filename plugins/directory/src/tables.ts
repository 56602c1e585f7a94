import type { Migration, TableDeclaration } from '@ilearn/core';
import { leaversMigration, rolloverMigration, rolloverTables } from './rollover/tables.js';

export const tables: Record<string, TableDeclaration> = {
  school_groups: {
    tenant: { none: 'Names of school groups, which are public; only the import for the whole portal writes them.' },
  },
  schools: { tenant: 'id' },
  school_numbers: { tenant: { none: 'Numbers of schools, which are public; a number means the same school for everybody.' } },
  sites: { tenant: 'school_id' },
  school_years: { tenant: 'school_id' },
  people: {
    tenant: 'tenant_ids',
    people: { id: 'subject' },
    keep: { for: 'P1Y', since: 'inactive_since' },
    erase: 'delete',
    purpose: 'learning',
    use: 'knowing who learns and teaches in which school, and who works for which provider',
    restriction: { shown: 'Without names nobody can sign in, or find whose data is restricted.' },
  },
  memberships: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    keep: { for: 'P1Y', since: 'inactive_since' },
    erase: 'delete',
    purpose: 'learning',
    use: 'recognising a person in the next file that the school sends',
    restriction: { shown: 'Without them the next file of the school would bring the person in a second time.' },
  },
  roles: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    keep: { with: 'people' },
    erase: 'delete',
    purpose: 'learning',
    use: 'deciding what a person may do',
    restriction: { shown: 'Without roles the restricted person could not sign in.' },
  },
  imports: { tenant: 'school_id', notPeople: { counts: 'how many people and classes an import added, changed and removed' } },
  classes: {
    tenant: 'school_id',
    people: { owner_id: 'author' },
    keep: 'P5Y',
    erase: 'anonymise',
    purpose: 'learning',
    use: 'giving work to the pupils of a class or group',
  },
  enrolments: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    keep: { for: 'P1Y', since: 'inactive_since' },
    erase: 'delete',
    purpose: 'learning',
    use: 'knowing who is in which class or group',
  },
  ...rolloverTables,
  providers: { tenant: 'id', notPeople: { email: 'a general address of the provider, which the page asks for' } },
  provider_members: {
    tenant: 'provider_id',
    people: { person_id: 'subject' },
    keep: { with: 'people' },
    erase: 'delete',
    purpose: 'safe-environment',
    use: 'deciding what a person may do for a provider',
    restriction: { shown: 'Without roles the restricted person could not sign in.' },
  },
};

const up = `
  create table school_groups (
    id uuid primary key,
    code text not null unique,
    name text not null
  );

  create table schools (
    id uuid primary key,
    instellingsnummer text not null unique check (instellingsnummer ~ '^[0-9]{6}$'),
    name text not null,
    group_id uuid references school_groups,
    sourced_id text,
    release_name boolean not null default false,
    release_email boolean not null default false,
    updated_at timestamptz not null default now()
  );

  create table sites (
    id uuid primary key,
    school_id uuid not null references schools,
    sourced_id text not null,
    name text not null,
    active boolean not null default true,
    unique (school_id, sourced_id)
  );

  create table school_years (
    id uuid primary key,
    school_id uuid not null references schools,
    name text not null check (name ~ '^[0-9]{4}-[0-9]{4}$'),
    starts_on date not null,
    ends_on date not null,
    session_ids text[] not null default '{}',
    unique (school_id, name)
  );

  create table people (
    id uuid primary key,
    school_ids uuid[] not null default '{}',
    given_name text not null,
    family_name text not null,
    kind text not null check (kind in ('pupil', 'staff')),
    email text,
    active boolean not null default true,
    updated_at timestamptz not null default now()
  );
  create index people_schools on people using gin (school_ids);

  create table memberships (
    school_id uuid not null references schools,
    person_id uuid not null references people on delete cascade,
    sourced_id text,
    enabled boolean not null default true,
    active boolean not null default true,
    updated_at timestamptz not null default now(),
    primary key (school_id, person_id),
    unique (school_id, sourced_id)
  );
  create index memberships_person on memberships (person_id);
  create index memberships_source on memberships (sourced_id);

  create table roles (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references schools,
    person_id uuid not null references people on delete cascade,
    role text not null,
    sourced_id text,
    updated_at timestamptz not null default now(),
    unique (school_id, sourced_id)
  );
  create index roles_person on roles (person_id);

  create table classes (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references schools,
    kind text not null check (kind in ('class', 'group')),
    name text not null,
    school_year text not null,
    site_id uuid references sites,
    owner_id uuid,
    sourced_id text,
    active boolean not null default true,
    updated_at timestamptz not null default now(),
    unique (school_id, sourced_id)
  );
  create index classes_owner on classes (owner_id);

  create table enrolments (
    id uuid primary key default gen_random_uuid(),
    school_id uuid not null references schools,
    class_id uuid not null references classes on delete cascade,
    person_id uuid not null references people on delete cascade,
    role text not null check (role in ('pupil', 'teacher')),
    begins_on date,
    ends_on date,
    sourced_id text,
    active boolean not null default true,
    updated_at timestamptz not null default now(),
    unique (school_id, sourced_id)
  );
  create index enrolments_class on enrolments (class_id);
  create index enrolments_person on enrolments (person_id);

  create view people_summaries as
    select id, school_ids, given_name, family_name, kind, active from people;

  create view class_members as
    select distinct e.class_id, e.school_id, e.person_id, e.role
    from enrolments e
    join classes c on c.id = e.class_id and c.active
    join memberships m on m.school_id = e.school_id and m.person_id = e.person_id and m.active
    where e.active
      and (e.begins_on is null or e.begins_on <= current_date)
      and (e.ends_on is null or e.ends_on > current_date);
`;

const down = `
  drop view class_members, people_summaries;
  drop table enrolments, classes, roles, memberships, people, school_years, sites, schools, school_groups;
`;

const today = (enrolment: string) => `${enrolment}.active
      and (${enrolment}.begins_on is null or ${enrolment}.begins_on <= current_date)
      and (${enrolment}.ends_on is null or ${enrolment}.ends_on > current_date)`;

/** SQL: pupils whom the owner of the group `c` currently teaches, in a class of the same school year. */
const taughtByOwner = `from enrolments taught
      join classes klas on klas.id = taught.class_id and klas.active and klas.kind = 'class' and klas.school_year = c.school_year
      join memberships works on works.school_id = taught.school_id and works.person_id = taught.person_id and works.active
      join enrolments learns on learns.class_id = taught.class_id and learns.role = 'pupil' and ${today('learns')}
      where taught.person_id = c.owner_id and taught.school_id = c.school_id and taught.role = 'teacher' and ${today('taught')}`;

/** A view, so that groups always reflect the current classes of their pupils. */
const membersNow = `
  create or replace view class_members as
    select distinct e.class_id, e.school_id, e.person_id, e.role
    from enrolments e
    join classes c on c.id = e.class_id and c.active
    join memberships m on m.school_id = e.school_id and m.person_id = e.person_id and m.active
    where ${today('e')}
      and (c.kind = 'class'
        or (e.role = 'pupil' and exists (select ${taughtByOwner} and learns.person_id = e.person_id))
        or (e.role = 'teacher' and exists (
          select ${taughtByOwner} and exists (
            select from enrolments grouped
            where grouped.class_id = e.class_id and grouped.role = 'pupil' and grouped.person_id = learns.person_id))));
`;

const membersBefore = `create or replace ${up.slice(up.indexOf('view class_members'))}`;

/** Tables whose retention starts when a row becomes inactive, so that current people are kept even if files are rarely imported. */
const ageing = ['people', 'memberships', 'enrolments'];

const providers = `
  create table providers (
    id uuid primary key default gen_random_uuid(),
    kind text not null check (kind in ('training-provider', 'tool-provider')),
    name text not null,
    email text,
    updated_at timestamptz not null default now()
  );
  create index providers_name on providers (name, id);

  -- A person is seen by who acts for one of their schools and providers, and written by who acts for all of them.
  alter table people add provider_ids uuid[] not null default '{}';
  alter table people add tenant_ids uuid[] not null generated always as (school_ids || provider_ids) stored;
  drop index people_schools;
  create index people_tenants on people using gin (tenant_ids);

  create table provider_members (
    provider_id uuid not null references providers,
    person_id uuid not null references people on delete cascade,
    roles text[] not null check (roles <> '{}'),
    updated_at timestamptz not null default now(),
    primary key (provider_id, person_id)
  );
  create index provider_members_person on provider_members (person_id);
`;

const noProviders = `
  drop table provider_members;
  drop index people_tenants;
  -- The kernel's policies read tenant_ids, and it makes them again.
  alter table people drop tenant_ids cascade, drop provider_ids;
  create index people_schools on people using gin (school_ids);
  drop table providers;
`;

/** The last import of each school. Who sent it is in the audit log only. */
const imports = `
  create table imports (
    school_id uuid primary key references schools on delete cascade,
    imported_at timestamptz not null default now(),
    counts jsonb not null
  );
`;

export const migrations: Migration[] = [
  { name: '0001_directory', up, down },
  {
    name: '0002_inactive_since',
    up: ageing
      .map(
        (table) =>
          `alter table ${table} add inactive_since timestamptz generated always as (case when active then null else updated_at end) stored;`,
      )
      .join('\n'),
    down: ageing.map((table) => `alter table ${table} drop inactive_since;`).join('\n'),
  },
  { name: '0003_groups_follow_classes', up: membersNow, down: membersBefore },
  { name: '0004_providers', up: providers, down: noProviders },
  {
    name: '0005_grades',
    // From 1 (first year of primary school) to 12; 0 before that.
    up: 'alter table classes add grade smallint;',
    down: 'alter table classes drop grade;',
  },
  { name: '0006_imports', up: imports, down: 'drop table imports;' },
  {
    name: '0007_addresses',
    up: 'create index people_email on people (lower(email)) where email is not null;',
    down: 'drop index people_email;',
  },
  rolloverMigration,
  {
    name: '0009_school_numbers',
    up: `
      -- Other numbers by which a school is known: its own before it got another one, and those of schools that were merged into it. A number that is
      -- here means this school, also if a school that was closed still has it.
      create table school_numbers (
        number text primary key check (number ~ '^[0-9]{6}$'),
        school_id uuid not null references schools on delete cascade
      );
      create index school_numbers_school on school_numbers (school_id);
    `,
    down: 'drop table school_numbers;',
  },
  {
    name: '0010_awaited_agreements',
    up: `
      -- A new school whose processing agreement is to be accepted before the data of its people are taken.
      alter table schools add awaits_agreement boolean not null default false;
    `,
    down: 'alter table schools drop awaits_agreement;',
  },
  leaversMigration,
];
