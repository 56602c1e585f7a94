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
  {
    name: '0003_services_teachers_and_trace',
    up: `
      -- Which services a tool may use, by their scopes; tools registered before had all of AGS.
      alter table registrations
        add scopes text[] not null default array[
          'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem',
          'https://purl.imsglobal.org/spec/lti-ags/scope/lineitem.readonly',
          'https://purl.imsglobal.org/spec/lti-ags/scope/result.readonly',
          'https://purl.imsglobal.org/spec/lti-ags/scope/score'],
        add deep_linking_url text,
        add presentation text not null default 'same' check (presentation in ('same', 'frame', 'tab', 'window')),
        add pending boolean not null default false;

      -- The class whose people are the members of the context; null: a path that is not given to a class.
      alter table contexts add class_id uuid, add limited boolean not null default false;
      -- The only pupils of the class to whom a context is given, if it is limited.
      create table context_pupils (
        context_id text not null references contexts on delete cascade,
        person_id uuid not null,
        school_id uuid not null,
        created_at timestamptz not null default now(),
        primary key (context_id, person_id)
      );
      create index context_pupils_person_id on context_pupils (person_id);
      create index context_pupils_school_id on context_pupils (school_id);

      -- A teacher who tries an activity out of the library does so in no context.
      alter table resource_links alter column context_id drop not null;
      alter table launches
        alter column context_id drop not null,
        alter column resource_link_id drop not null,
        add role text not null default 'Learner' check (role in ('Learner', 'Instructor')),
        add presentation text not null default 'same' check (presentation in ('same', 'frame', 'tab', 'window'));

      create table trace_lines (
        number bigint generated always as identity primary key,
        happened_at timestamptz not null,
        request_code text not null,
        launch_id uuid,
        registration_id uuid,
        school_id uuid,
        step text not null,
        outcome text not null
      );
      create index trace_lines_happened_at on trace_lines (happened_at, number);
      create index trace_lines_launch_id on trace_lines (launch_id, number);
      create index trace_lines_request_code on trace_lines (request_code);
      create index trace_lines_school_id on trace_lines (school_id, happened_at);
      create index trace_lines_registration_id on trace_lines (registration_id, happened_at);
    `,
    down: `
      drop table trace_lines;
      delete from launches where context_id is null or resource_link_id is null;
      alter table launches
        drop presentation,
        drop role,
        alter column resource_link_id set not null,
        alter column context_id set not null;
      delete from resource_links where context_id is null;
      alter table resource_links alter column context_id set not null;
      drop table context_pupils;
      alter table contexts drop limited, drop class_id;
      alter table registrations drop pending, drop presentation, drop deep_linking_url, drop scopes;
    `,
  },
  {
    name: '0004_choices_and_self_registration',
    up: `
      -- What a teacher chooses in a tool (Deep Linking 2.0), until it is kept.
      create table choices (
        id uuid primary key default gen_random_uuid(),
        registration_id uuid not null references registrations on delete cascade,
        school_id uuid not null,
        person_id uuid not null,
        return_path text not null,
        data text not null,
        state text not null default 'open' check (state in ('open', 'received', 'accepted')),
        items jsonb,
        message text,
        fault text,
        expires_at timestamptz not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now()
      );
      create index choices_school_id on choices (school_id);
      create index choices_person_id on choices (person_id);
      create index choices_registration_id on choices (registration_id);

      -- One-time tokens with which a tool registers itself (Dynamic Registration 1.0); only their hashes.
      create table registration_tokens (
        token_hash bytea primary key,
        expires_at timestamptz not null,
        registration_id uuid references registrations on delete cascade,
        created_at timestamptz not null default now()
      );
    `,
    down: `
      drop table registration_tokens, choices;
      delete from registrations where pending;
    `,
  },
  {
    name: '0005_kept_choices_and_noted_members',
    up: `
      -- Activities that teachers chose in tools, and who keeps them.
      create table kept_choices (
        id uuid primary key default gen_random_uuid(),
        activity_id uuid not null,
        registration_id uuid not null references registrations on delete cascade,
        school_id uuid not null,
        person_id uuid,
        record jsonb not null,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        unique (activity_id, person_id)
      );
      create index kept_choices_school_id on kept_choices (school_id);
      create index kept_choices_person_id on kept_choices (person_id, updated_at);
      create index kept_choices_registration_id on kept_choices (registration_id);

      -- What a tool was told of the members of a context (NRPS 2.0), so that it can ask for differences.
      create table noted_members (
        registration_id uuid not null references registrations on delete cascade,
        context_id text not null references contexts on delete cascade,
        person_id uuid not null,
        school_id uuid not null,
        role text not null,
        digest bytea not null,
        gone boolean not null default false,
        number bigserial not null,
        changed_at timestamptz not null default now(),
        primary key (registration_id, context_id, person_id)
      );
      create index noted_members_context_id on noted_members (context_id);
      create index noted_members_person_id on noted_members (person_id);
      create index noted_members_school_id on noted_members (school_id);
      create index noted_members_changed_at on noted_members (changed_at);
    `,
    down: 'drop table noted_members, kept_choices;',
  },
  {
    name: '0016_releases',
    up: `
      -- How often fields went to a tool: no people.
      create table released_data (
        school_id uuid not null,
        registration_id uuid not null references registrations on delete cascade,
        month date not null,
        way text not null check (way in ('launch', 'members')),
        fields text[] not null,
        times bigint not null,
        primary key (school_id, registration_id, month, way, fields)
      );
      create index released_data_registration_id on released_data (registration_id);
      create index released_data_month on released_data (month);

      -- What a school does not let a tool have.
      create table withheld_data (
        school_id uuid not null,
        registration_id uuid not null references registrations on delete cascade,
        fields text[] not null,
        updated_at timestamptz not null default now(),
        primary key (school_id, registration_id)
      );
      create index withheld_data_registration_id on withheld_data (registration_id);
    `,
    down: 'drop table withheld_data, released_data;',
  },
  {
    name: '0017_activities',
    up: `
      -- The activity of which xAPI statements tell results here: that of the first result.
      alter table line_items add activity_id text;
    `,
    down: 'alter table line_items drop activity_id;',
  },
];
