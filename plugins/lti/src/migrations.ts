import type { Migration } from '@ilearn/core';

export const migrations: Migration[] = [
  {
    name: '0001_launches_and_grades',
    up: `
      create table registrations (
        id uuid primary key default gen_random_uuid(),
        key text not null unique,
        name text not null,
        client_id text not null unique,
        deployment_id text not null,
        login_url text not null,
        login_method text not null check (login_method in ('GET', 'POST')),
        redirect_uris text[] not null check (cardinality(redirect_uris) > 0),
        jwks_url text not null,
        release_name boolean not null,
        release_email boolean not null,
        active boolean not null default true,
        source text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );

      create table signing_keys (
        kid text primary key,
        public_jwk jsonb not null,
        private_jwk text not null,
        signs_from timestamptz not null,
        published_until timestamptz,
        created_at timestamptz not null default now()
      );

      create table used_assertions (
        registration_id uuid not null references registrations on delete cascade,
        jti_hash bytea not null,
        expires_at timestamptz not null,
        primary key (registration_id, jti_hash)
      );
      create index used_assertions_expires_at on used_assertions (expires_at);

      create table access_tokens (
        token_hash bytea primary key,
        registration_id uuid not null references registrations on delete cascade,
        scopes text[] not null,
        expires_at timestamptz not null
      );
      create index access_tokens_expires_at on access_tokens (expires_at);

      create table subjects (
        registration_id uuid not null references registrations,
        person_id uuid not null,
        sub text not null default gen_random_uuid()::text,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (registration_id, person_id),
        unique (registration_id, sub)
      );
      create index subjects_person_id on subjects (person_id);

      create table contexts (
        id text primary key,
        school_id uuid not null,
        title text not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create index contexts_school_id on contexts (school_id);

      create table resource_links (
        registration_id uuid not null references registrations,
        id text not null,
        context_id text not null references contexts,
        school_id uuid not null,
        title text not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (registration_id, id)
      );
      create index resource_links_context on resource_links (registration_id, context_id);
      create index resource_links_school_id on resource_links (school_id);

      create table launches (
        id uuid primary key default gen_random_uuid(),
        registration_id uuid not null references registrations,
        school_id uuid not null,
        person_id uuid not null,
        context_id text not null,
        resource_link_id text not null,
        login_hint text not null,
        return_path text not null,
        locale text not null default 'nl',
        state text not null default 'prepared' check (state in ('prepared', 'started', 'failed', 'consumed')),
        failure text,
        request jsonb,
        expires_at timestamptz not null,
        started_at timestamptz,
        consumed_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create index launches_member on launches (registration_id, context_id, person_id) where state = 'consumed';
      create index launches_school_id on launches (school_id, created_at);
      create index launches_person_id on launches (person_id);
      create index launches_waiting on launches (expires_at) where request is not null;

      create table line_items (
        id uuid primary key default gen_random_uuid(),
        number bigint generated always as identity unique,
        registration_id uuid not null references registrations,
        context_id text not null references contexts,
        resource_link_id text,
        school_id uuid not null,
        label text not null,
        score_maximum double precision not null check (score_maximum > 0),
        resource_id text,
        tag text,
        starts_at timestamptz,
        ends_at timestamptz,
        of_placement boolean not null default false,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        foreign key (registration_id, resource_link_id) references resource_links
      );
      create unique index line_items_of_placement on line_items (registration_id, resource_link_id) where of_placement;
      create index line_items_context on line_items (registration_id, context_id, number);
      create index line_items_school_id on line_items (school_id);

      create table scores (
        id uuid primary key default gen_random_uuid(),
        line_item_id uuid not null references line_items on delete cascade,
        school_id uuid not null,
        person_id uuid not null,
        score_given double precision,
        score_maximum double precision,
        activity_progress text not null,
        grading_progress text not null,
        comment text,
        scored_at timestamptz not null,
        created_at timestamptz not null default now()
      );
      create index scores_line_item on scores (line_item_id, person_id, scored_at);
      create index scores_school_id on scores (school_id);
      create index scores_person_id on scores (person_id);

      create table results (
        line_item_id uuid not null references line_items on delete cascade,
        person_id uuid not null,
        number bigint generated always as identity unique,
        school_id uuid not null,
        score_given double precision,
        score_maximum double precision,
        activity_progress text not null,
        grading_progress text not null,
        comment text,
        scored_at timestamptz not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        primary key (line_item_id, person_id)
      );
      create index results_page on results (line_item_id, number);
      create index results_school_id on results (school_id);
      create index results_person_id on results (person_id);
    `,
    down: `
      drop table results, scores, line_items, launches, resource_links, contexts, subjects, access_tokens, used_assertions, signing_keys, registrations;
    `,
  },
  {
    name: '0002_submissions_and_return_messages',
    up: `
      -- When the person worked (AGS 2.0 §3.4, submission), as opposed to scored_at: when the score was given.
      alter table scores add started_at timestamptz, add submitted_at timestamptz;
      alter table results add started_at timestamptz, add submitted_at timestamptz;
      -- What the tool sent for the log when the person came back (lti_errorlog, lti_log).
      alter table launches add tool_log text;
    `,
    down: `
      alter table launches drop tool_log;
      alter table results drop started_at, drop submitted_at;
      alter table scores drop started_at, drop submitted_at;
    `,
  },
];
