import type { Migration } from '@ilearn/core';
import { selfPacedMigration } from './self-paced/migration.js';

const live = `('requested', 'endorsed', 'waitlisted', 'offered', 'booked', 'attended', 'partial', 'no_show')`;

export const migrations: Migration[] = [
  {
    name: '0001_trainings',
    up: `
      create table trainings (
        id uuid primary key default gen_random_uuid(),
        provider_id uuid not null,
        provider_name text not null,
        title text not null,
        story text not null default '',
        goals text not null default '',
        tools text[] not null default '{}',
        foci text[] not null default '{}',
        audience text[] not null default '{}',
        levels text[] not null default '{}',
        minutes int,
        language text not null default 'nl',
        cost text not null default '',
        certificate text not null default 'attended' check (certificate in ('none', 'attended', 'all-sessions')),
        state text not null default 'draft' check (state in ('draft', 'published', 'archived')),
        for_all boolean not null default true,
        school_ids uuid[] not null default '{}',
        search tsvector not null default ''::tsvector,
        updated_at timestamptz not null default now()
      );
      create index trainings_provider on trainings (provider_id, title, id);
      create index trainings_search on trainings using gin (search);

      create table events (
        id uuid primary key default gen_random_uuid(),
        training_id uuid not null references trainings on delete cascade,
        provider_id uuid not null,
        state text not null default 'planned' check (state in ('planned', 'cancelled')),
        capacity int not null check (capacity between 0 and 10000),
        minimum int not null default 0,
        waiting_list boolean not null default true,
        promotion text not null default 'book' check (promotion in ('book', 'offer')),
        offer_hours int not null default 48,
        approval text not null default 'none' check (approval in ('none', 'principal', 'provider')),
        opens_at timestamptz,
        closes_at timestamptz,
        cancel_by timestamptz,
        region text not null default 'online',
        trainer_ids uuid[] not null default '{}',
        starts_at timestamptz,
        ends_at timestamptz,
        reason text not null default '',
        updated_at timestamptz not null default now()
      );
      create index events_training on events (training_id);
      create index events_provider on events (provider_id, starts_at, id);
      create index events_start on events (starts_at, training_id) where state = 'planned';

      create table sessions (
        id uuid primary key default gen_random_uuid(),
        event_id uuid not null references events on delete cascade,
        provider_id uuid not null,
        day date not null,
        starts time not null,
        ends time not null,
        zone text not null default 'Europe/Brussels',
        room text not null default '',
        link text not null default '',
        sequence int not null default 0,
        changed_at timestamptz not null default now(),
        starts_at timestamptz not null,
        ends_at timestamptz not null,
        cancelled boolean not null default false
      );
      create index sessions_event on sessions (event_id, starts_at);

      create table enrolments (
        id uuid primary key default gen_random_uuid(),
        event_id uuid not null references events on delete cascade,
        school_id uuid not null,
        provider_id uuid not null,
        person_id uuid,
        reserved_by uuid,
        state text not null,
        queue_no bigint,
        offered_until timestamptz,
        offers_missed int not null default 0,
        reason text not null default '',
        late boolean not null default false,
        evaluated boolean not null default false,
        reminded_on date,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create unique index enrolments_once on enrolments (event_id, person_id) where state in ${live};
      create index enrolments_event on enrolments (event_id, state, queue_no);
      create index enrolments_person on enrolments (person_id, state);
      create index enrolments_school on enrolments (school_id, state, created_at);
      create index enrolments_provider on enrolments (provider_id, state);
      create index enrolments_reserved on enrolments (reserved_by);
      create index enrolments_offers on enrolments (offered_until) where state = 'offered';

      create table enrolment_states (
        id bigint generated always as identity primary key,
        enrolment_id uuid not null references enrolments on delete cascade,
        school_id uuid not null,
        provider_id uuid not null,
        action text not null,
        state text not null,
        by_id uuid,
        reason text not null default '',
        at timestamptz not null default clock_timestamp()
      );
      create index enrolment_states_of on enrolment_states (enrolment_id, id);
    `,
    down: 'drop table enrolment_states, enrolments, sessions, events, trainings;',
  },
  {
    name: '0002_calendar_feeds',
    up: `
      create table calendar_feeds (
        person_id uuid primary key,
        secret_hash text not null unique,
        updated_at timestamptz not null default now()
      );
    `,
    down: 'drop table calendar_feeds;',
  },
  {
    name: '0003_coaching',
    up: `
      create table coachings (
        id uuid primary key default gen_random_uuid(),
        school_id uuid not null,
        provider_id uuid not null,
        requester_id uuid,
        coach_id uuid,
        stand_in_id uuid,
        goal text not null,
        tool text not null default '',
        wished_minutes int not null,
        agreed_minutes int,
        amended_minutes int,
        amended_by text check (amended_by in ('school', 'provider')),
        state text not null,
        reason text not null default '',
        reminded_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create index coachings_school on coachings (school_id, state);
      create index coachings_provider on coachings (provider_id, state);
      create index coachings_requester on coachings (requester_id);
      create index coachings_coach on coachings (coach_id);
      create index coachings_stand_in on coachings (stand_in_id);

      create table coaching_states (
        id bigint generated always as identity primary key,
        coaching_id uuid not null references coachings on delete cascade,
        school_id uuid not null,
        provider_id uuid not null,
        action text not null,
        state text not null,
        by_id uuid,
        reason text not null default '',
        at timestamptz not null default clock_timestamp()
      );
      create index coaching_states_of on coaching_states (coaching_id, id);

      create table coaching_entries (
        id uuid primary key default gen_random_uuid(),
        coaching_id uuid not null references coachings on delete cascade,
        school_id uuid not null,
        provider_id uuid not null,
        day date not null,
        minutes int not null check (minutes <> 0),
        kind text not null,
        note text not null default '',
        by_id uuid,
        coach_at timestamptz,
        school_at timestamptz,
        reverses_id uuid unique references coaching_entries,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create index coaching_entries_of on coaching_entries (coaching_id, day);
      create index coaching_entries_day on coaching_entries (provider_id, day);

      create table coaching_notes (
        entry_id uuid primary key references coaching_entries on delete cascade,
        coaching_id uuid not null,
        provider_id uuid not null,
        author_id uuid not null,
        text text not null
      );
      create index coaching_notes_of on coaching_notes (coaching_id, author_id);

      create table coaching_reports (
        id uuid primary key default gen_random_uuid(),
        coaching_id uuid not null references coachings on delete cascade,
        school_id uuid not null,
        provider_id uuid not null,
        author_id uuid,
        text text not null,
        created_at timestamptz not null default now()
      );
      create index coaching_reports_of on coaching_reports (coaching_id, created_at);
    `,
    down: 'drop table coaching_reports, coaching_notes, coaching_entries, coaching_states, coachings;',
  },
  {
    name: '0004_certificates',
    up: `
      create sequence certificate_status minvalue 0 start 0;

      create table certificates (
        id uuid primary key default gen_random_uuid(),
        code text not null unique,
        enrolment_id uuid,
        event_id uuid not null,
        training_id uuid not null,
        school_id uuid not null,
        provider_id uuid not null,
        holder_id uuid,
        holder_name text not null,
        title text not null,
        goals text not null,
        provider_name text not null,
        minutes int,
        held_on date not null,
        issued_at timestamptz not null,
        expires_at timestamptz,
        revoked_at timestamptz,
        revoked_reason text not null default '',
        supersedes_id uuid unique references certificates on delete set null,
        supersedes_reason text not null default '',
        status_index int not null unique,
        jwt text not null
      );
      create unique index certificates_once on certificates (enrolment_id) where revoked_at is null;
      create index certificates_event on certificates (event_id);
      create index certificates_holder on certificates (holder_id, issued_at);

      create table certificate_keys (
        kid text primary key,
        public_jwk jsonb not null,
        private_jwk text not null,
        created_at timestamptz not null default now()
      );
    `,
    down: 'drop table certificate_keys, certificates; drop sequence certificate_status;',
  },
  {
    name: '0005_evaluations',
    up: `
      create table evaluations (
        id uuid primary key default gen_random_uuid(),
        event_id uuid not null references events on delete cascade,
        provider_id uuid not null,
        useful int not null check (useful between 1 and 5),
        clear int not null check (clear between 1 and 5),
        again int not null check (again between 1 and 5),
        remark text not null default ''
      );
      create index evaluations_event on evaluations (event_id, id);
    `,
    down: 'drop table evaluations;',
  },
  {
    name: '0006_data_integrity',
    up: `alter table certificates add document text not null default ''`,
    down: 'alter table certificates drop document',
  },
  {
    name: '0007_school_groups',
    up: `alter table trainings add group_ids uuid[] not null default '{}'`,
    down: 'alter table trainings drop group_ids',
  },
  {
    name: '0008_attendance_by_session',
    up: `alter table enrolments add present_in uuid[] not null default '{}', add absent_from uuid[] not null default '{}'`,
    down: 'alter table enrolments drop present_in, drop absent_from',
  },
  {
    name: '0009_interests',
    up: `
      create table interests (
        person_id uuid primary key,
        foci text[] not null,
        updated_at timestamptz not null default now()
      );
    `,
    down: 'drop table interests',
  },
  {
    name: '0030_status_lists',
    up: `
      create table status_lists (
        form text primary key,
        content text not null,
        revoked int not null,
        signed_at timestamptz not null
      );
      create index certificates_revoked on certificates (status_index) where revoked_at is not null;
    `,
    down: 'drop index certificates_revoked; drop table status_lists;',
  },
  selfPacedMigration,
  {
    name: '0041_sessions_to_come',
    up: 'create index sessions_to_come on sessions (starts_at, id) where not cancelled',
    down: 'drop index sessions_to_come',
  },
  {
    name: '0042_events_by_end',
    up: `create index events_by_end on events ((coalesce(ends_at, 'infinity'::timestamptz)), id)`,
    down: 'drop index events_by_end',
  },
];
