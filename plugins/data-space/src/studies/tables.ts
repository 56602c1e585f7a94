import type { Migration, TableDeclaration } from '@ilearn/core';

export const studyTables: Record<string, TableDeclaration> = {
  studies: { tenant: { none: 'Descriptions of studies, which name nobody but their researchers.' }, notPeople: {} },
  study_tokens: { tenant: { none: 'Hashes of the tokens with which data of studies are fetched.' } },
  study_schools: { tenant: 'school_id' },
  study_participants: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    keep: 'P18M',
    erase: 'delete',
    purpose: 'research',
    use: 'who takes part in which study',
  },
  study_acts: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    // A study lasts at most a year, and is fetched until 90 days after that.
    keep: { for: 'P18M', since: 'week' },
    erase: 'delete',
    purpose: 'research',
    use: 'what those who said yes did, for the study that asked',
  },
  study_deliveries: { tenant: { none: 'When a researcher fetched data, and how much; who was in it is in another table.' } },
  study_delivered: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    keep: 'P3Y',
    erase: 'delete',
    // Not research: it stays after a consent was withdrawn.
    purpose: 'rights-of-people',
    use: 'telling people what a researcher got of them',
  },
};

export const studyTokens: Migration = {
  name: '0008_study_tokens',
  up: `
    create table study_tokens (
      study_id uuid primary key references studies,
      token_hash bytea not null unique,
      made_at timestamptz not null default now()
    );
  `,
  down: 'drop table study_tokens',
};

export const consentMoments: Migration = {
  name: '0007_consent_moments',
  // Of the consent under which is kept what somebody does.
  up: 'alter table study_participants add column since timestamptz',
  down: 'alter table study_participants drop column since',
};

export const studyMigration: Migration = {
  name: '0004_studies',
  up: `
    create table studies (
      id uuid primary key default gen_random_uuid(),
      partner_id uuid not null references partners,
      title text not null,
      researcher text not null,
      contact text not null,
      why text not null,
      -- Who approved it, and under which number.
      ethics text not null,
      measures text[] not null check (cardinality(measures) > 0 and measures <@ array['launches', 'steps-done']),
      -- Whether the researcher gets names, or pseudonyms of this study.
      names boolean not null,
      starts_on date not null,
      ends_on date not null check (ends_on >= starts_on and ends_on <= starts_on + 366),
      state text not null default 'draft' check (state in ('draft', 'approved', 'ended')),
      created_at timestamptz not null default now(),
      approved_at timestamptz,
      ended_at timestamptz
    );
    create index studies_latest on studies (created_at desc, id desc);

    -- People say yes to what was approved.
    create function studies_stay() returns trigger language plpgsql as $$
      begin
        if tg_op = 'DELETE' then
          if old.state = 'draft' then return old; end if;
          raise exception 'a study that was approved stays';
        end if;
        if (old.state, new.state) in (('draft', 'approved'), ('approved', 'ended'))
            and to_jsonb(new) - array['state', 'approved_at', 'ended_at'] = to_jsonb(old) - array['state', 'approved_at', 'ended_at'] then
          return new;
        end if;
        raise exception 'a study never changes';
      end $$;
    create trigger studies_stay before update or delete on studies for each row execute function studies_stay();

    create table study_schools (
      study_id uuid not null references studies on delete cascade,
      school_id uuid not null,
      classes uuid[] not null default '{}',
      state text not null default 'asked' check (state in ('asked', 'agreed', 'refused')),
      asked_at timestamptz not null default now(),
      decided_at timestamptz,
      primary key (study_id, school_id)
    );
    create index study_schools_school on study_schools (school_id, asked_at desc);

    create table study_participants (
      study_id uuid not null,
      school_id uuid not null,
      person_id uuid not null,
      updated_at timestamptz not null default now(),
      primary key (study_id, person_id, school_id),
      foreign key (study_id, school_id) references study_schools
    );
    create index study_participants_person on study_participants (person_id, school_id);

    create table study_acts (
      study_id uuid not null references studies,
      school_id uuid not null,
      person_id uuid not null,
      -- Its Monday.
      week date not null check (extract(isodow from week) = 1),
      measure text not null check (measure in ('launches', 'steps-done')),
      item text not null,
      amount int not null check (amount > 0),
      updated_at timestamptz not null default now(),
      primary key (study_id, person_id, school_id, week, measure, item)
    );
    create index study_acts_school on study_acts (study_id, school_id);

    create table study_deliveries (
      id uuid primary key default gen_random_uuid(),
      study_id uuid not null references studies,
      from_week date not null,
      to_week date not null,
      fetched_at timestamptz not null default now()
    );
    create index study_deliveries_study on study_deliveries (study_id, fetched_at desc);

    create table study_delivered (
      delivery_id uuid not null references study_deliveries,
      study_id uuid not null references studies,
      school_id uuid not null,
      person_id uuid not null,
      row_count int not null,
      updated_at timestamptz not null default now(),
      primary key (delivery_id, person_id, school_id)
    );
    create index study_delivered_person on study_delivered (person_id, study_id);
  `,
  down: `
    drop table study_delivered, study_deliveries, study_acts, study_participants, study_schools, studies;
    drop function studies_stay();
  `,
};
