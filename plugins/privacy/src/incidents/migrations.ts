import type { Migration } from '@ilearn/core';

export const incidentsMigrations: Migration[] = [
  {
    name: '0031_incidents',
    up: `
      create table incidents (
        id uuid primary key default gen_random_uuid(),
        number bigint generated always as identity unique,
        -- Null: of the operator.
        school_id uuid,
        state text not null,
        what text not null,
        began_at timestamptz,
        aware_at timestamptz not null,
        -- 72 hours after it.
        due_at timestamptz not null,
        categories text[] not null default '{}',
        people_count int check (people_count >= 0),
        records_count int check (records_count >= 0),
        risk text check (risk in ('none', 'risk', 'high')),
        consequences text not null default '',
        measures text not null default '',
        -- Why the authority was not told, or was told late.
        reason text not null default '',
        contact_point text not null default '',
        lessons text not null default '',
        notified_at timestamptz,
        closed_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create index incidents_school on incidents (school_id);
      create index incidents_open on incidents (due_at, id) where closed_at is null;

      create table incident_people (
        incident_id uuid not null references incidents on delete cascade,
        person_id uuid not null,
        school_id uuid,
        primary key (incident_id, person_id)
      );
      create index incident_people_person on incident_people (person_id);

      create table incident_steps (
        id bigint generated always as identity primary key,
        incident_id uuid not null references incidents on delete cascade,
        school_id uuid,
        action text not null,
        state text not null,
        by_id uuid,
        at timestamptz not null default now()
      );
      create index incident_steps_incident on incident_steps (incident_id, id);
      create index incident_steps_by on incident_steps (by_id);
    `,
    down: 'drop table incident_steps, incident_people, incidents;',
  },
];

export const toldSchoolsMigrations: Migration[] = [
  {
    name: '0034_incident_schools',
    up: `
      create table incident_schools (
        id uuid primary key default gen_random_uuid(),
        incident_id uuid not null references incidents on delete cascade,
        school_id uuid not null,
        told_at timestamptz not null default now(),
        -- As the incident was described then.
        what text not null,
        consequences text not null,
        measures text not null,
        contact_point text not null,
        categories text[] not null,
        began_at timestamptz,
        people_count int not null,
        recorded_id uuid references incidents on delete set null,
        unique (incident_id, school_id)
      );
      create index incident_schools_open on incident_schools (told_at desc, id) where recorded_id is null;
      create index incident_schools_recorded on incident_schools (recorded_id);
    `,
    down: 'drop table incident_schools;',
  },
];
