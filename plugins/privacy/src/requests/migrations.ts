import type { Migration } from '@ilearn/core';

export const requestsMigrations: Migration[] = [
  {
    name: '0030_requests',
    up: `
      create table requests (
        id uuid primary key default gen_random_uuid(),
        number bigint generated always as identity (start with 101) unique,
        -- Null: the operator answers.
        school_id uuid,
        person_id uuid,
        asked_by text not null check (asked_by in ('self', 'parent', 'school')),
        kind text not null check (kind in ('access', 'rectification', 'erasure', 'restriction', 'objection', 'portability', 'complaint')),
        purpose text,
        state text not null,
        language text not null check (language in ('nl', 'en', 'fr')),
        details text not null default '',
        asker_name text not null default '',
        asker_contact text not null default '',
        identity_how text not null default '',
        reason text not null default '',
        answer text not null default '',
        -- Of a rectification: the field, what the roster says, and what the person says.
        field text check (field in ('given-name', 'family-name', 'email', 'class', 'other')),
        roster_value text not null default '',
        wanted text not null default '',
        flagged_at timestamptz,
        received_on date not null,
        -- The day from which the month is counted.
        counted_from date not null,
        due_on date,
        reminders int not null default 0,
        closed_at timestamptz,
        created_at timestamptz not null default now(),
        updated_at timestamptz not null default now(),
        check ((closed_at is null) or (due_on is null))
      );
      create index requests_open on requests (due_on, id) where closed_at is null;
      create index requests_school on requests (school_id, closed_at);
      create index requests_person on requests (person_id, created_at);
      create index requests_closed on requests (closed_at desc, id) where closed_at is not null;

      create table request_steps (
        id bigint generated always as identity primary key,
        request_id uuid not null references requests on delete cascade,
        school_id uuid,
        action text not null,
        state text not null,
        -- The deadline after it.
        due_on date,
        by_id uuid,
        at timestamptz not null default now()
      );
      create index request_steps_request on request_steps (request_id, id);
      create index request_steps_by on request_steps (by_id);

      create function request_steps_stay() returns trigger language plpgsql as $$
        begin
          if tg_op = 'UPDATE' and (new.id, new.request_id, new.action, new.state, new.due_on, new.at)
              is not distinct from (old.id, old.request_id, old.action, old.state, old.due_on, old.at) then
            return new;
          end if;
          if tg_op = 'DELETE' and not exists (select from privacy.requests r where r.id = old.request_id) then
            return old;
          end if;
          raise exception 'the history of a request is append-only';
        end $$;
      create trigger request_steps_stay before update or delete on request_steps for each row execute function request_steps_stay();

      create table request_letters (
        id uuid primary key default gen_random_uuid(),
        request_id uuid not null references requests on delete cascade,
        school_id uuid,
        person_id uuid,
        kind text not null check (kind in ('received', 'identity', 'extended', 'granted', 'refused')),
        language text not null,
        text text not null,
        made_at timestamptz not null default now()
      );
      create index request_letters_request on request_letters (request_id, made_at);
      create index request_letters_person on request_letters (person_id);
    `,
    down: `
      drop table request_letters, request_steps, requests;
      drop function request_steps_stay();
    `,
  },
];

export const carriedOutMigrations: Migration[] = [
  {
    name: '0033_carried_out',
    up: `
      alter table requests add column corrected_at timestamptz;
      create index requests_flagged on requests (flagged_at, id) where flagged_at is not null and corrected_at is null;
      -- Ground of a restriction, or the purpose that was objected to.
      alter table request_steps add column detail text not null default '';
      create or replace function request_steps_stay() returns trigger language plpgsql as $$
        begin
          if tg_op = 'UPDATE' and (new.id, new.request_id, new.action, new.detail, new.state, new.due_on, new.at)
              is not distinct from (old.id, old.request_id, old.action, old.detail, old.state, old.due_on, old.at) then
            return new;
          end if;
          if tg_op = 'DELETE' and not exists (select from privacy.requests r where r.id = old.request_id) then
            return old;
          end if;
          raise exception 'the history of a request is append-only';
        end $$;
    `,
    down: `
      drop index requests_flagged;
      alter table requests drop column corrected_at;
      create or replace function request_steps_stay() returns trigger language plpgsql as $$
        begin
          if tg_op = 'UPDATE' and (new.id, new.request_id, new.action, new.state, new.due_on, new.at)
              is not distinct from (old.id, old.request_id, old.action, old.state, old.due_on, old.at) then
            return new;
          end if;
          if tg_op = 'DELETE' and not exists (select from privacy.requests r where r.id = old.request_id) then
            return old;
          end if;
          raise exception 'the history of a request is append-only';
        end $$;
      alter table request_steps drop column detail;
    `,
  },
];
