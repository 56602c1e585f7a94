import type { Migration } from '../../../contract/table.js';

export const leaveOut = `    -- Arguments: 'objection' or 'consent', the purpose, and the columns that name people. The row is not stored if one of them objected, or
    -- did not consent.
    create function kernel.leave_out() returns trigger
      language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare
      row_of jsonb := to_jsonb(new);
      people uuid[] := array(select p::uuid from unnest(tg_argv[2:]) as column_name, kernel.tenants_in(row_of -> column_name) p
        where p ~* '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$');
    begin
      if coalesce(current_setting('ilearn.viewer', true), '') in ('privacy', 'retention') then return new; end if;
      if tg_argv[0] = 'objection' then
        if exists (select from kernel.objections o
          where o.purpose = tg_argv[1] and o.withdrawn_at is null and o.person_id = any (people)) then return null; end if;
      elsif exists (select from unnest(people) p where not exists (select from kernel.consents c
          where c.purpose = tg_argv[1] and c.withdrawn_at is null and c.person_id = p)) then return null;
      end if;
      return new;
    end $$;

`;

export const keepRestricted = `    -- Arguments: the columns that name the subjects of a row. Runs only while somebody is restricted. What a person does is refused; work of
    -- the portal leaves the row as it is. A cascading change is always refused, because skipping it would break the foreign key.
    create function kernel.keep_restricted() returns trigger
      language plpgsql set search_path = pg_catalog, pg_temp as $$
    declare
      restricted text[] := string_to_array(current_setting('ilearn.restricted', true), ',');
      before jsonb := case when tg_op = 'INSERT' then '{}' else to_jsonb(old) end;
      after jsonb := case when tg_op = 'DELETE' then '{}' else to_jsonb(new) end;
    begin
      if not exists (select from unnest(tg_argv) as column_name, lateral (
          select kernel.tenants_in(before -> column_name) as p union all select kernel.tenants_in(after -> column_name)) named
        where p = any (restricted)) then
        return case when tg_op = 'DELETE' then old else new end;
      end if;
      if pg_trigger_depth() = 1 and coalesce(current_setting('ilearn.viewer', true), '') !~ '^[0-9a-f]{8}-' then return null; end if;
      raise exception 'a row of % is about a person whose data are restricted', tg_relid::regclass using errcode = 'IL423';
    end $$;
`;

/**
 * What people decide about their data: objections (GDPR art. 21), restrictions (art. 18) and consents (art. 7), and the functions that
 * policies and triggers of plugins' tables call.
 *
 * The setting `ilearn.viewer` says for whom a statement runs: the id of a person, '' for nobody in particular, 'privacy' or 'retention'.
 * `ilearn.restricted` lists the restricted people, joined by commas; it is empty for 'privacy'. The functions are in PL/pgSQL because
 * PostgreSQL before 18 plans functions in SQL anew in each statement.
 */
export const choicesMigration: Migration = {
  name: '0023_choices',
  up: `
    create table kernel.objections (
      id uuid primary key default gen_random_uuid(),
      person_id uuid not null,
      purpose text not null,
      since timestamptz not null default now(),
      recorded_by uuid,
      withdrawn_at timestamptz,
      withdrawn_by uuid
    );
    create unique index on kernel.objections (purpose, person_id) where withdrawn_at is null;
    create index on kernel.objections (person_id);

    create table kernel.restrictions (
      id uuid primary key default gen_random_uuid(),
      person_id uuid not null,
      ground text not null check (ground in ('accuracy', 'unlawful', 'claims', 'objection')),
      since timestamptz not null default now(),
      recorded_by uuid,
      withdrawn_at timestamptz,
      withdrawn_by uuid
    );
    create unique index on kernel.restrictions (person_id) where withdrawn_at is null;

    create table kernel.consents (
      id uuid primary key default gen_random_uuid(),
      person_id uuid not null,
      purpose text not null,
      version text not null,
      text_hash text not null,
      given_as text not null check (given_as in ('self', 'parent-link', 'parent-paper')),
      since timestamptz not null default now(),
      recorded_by uuid,
      withdrawn_at timestamptz,
      withdrawn_by uuid
    );
    create unique index on kernel.consents (purpose, person_id) where withdrawn_at is null;
    create index on kernel.consents (person_id);

    create function kernel.restricted_people(viewer text) returns text
      language plpgsql stable security definer set search_path = pg_catalog, pg_temp as $$
    begin
      if viewer = 'privacy' then return ''; end if;
      return coalesce((select string_agg(person_id::text, ',') from kernel.restrictions where withdrawn_at is null), '');
    end $$;

    create function kernel.objectors(of_purpose text) returns setof uuid
      language plpgsql stable security definer rows 10 set search_path = pg_catalog, pg_temp as $$
    begin
      if coalesce(current_setting('ilearn.viewer', true), '') in ('privacy', 'retention') then return; end if;
      return query select person_id from kernel.objections where purpose = of_purpose and withdrawn_at is null;
    end $$;

    create function kernel.consenting(of_purpose text) returns setof uuid
      language plpgsql stable security definer rows 100 set search_path = pg_catalog, pg_temp as $$
    begin
      return query select person_id from kernel.consents where purpose = of_purpose and withdrawn_at is null;
    end $$;

${leaveOut}${keepRestricted}  `,
  down: `
    drop function kernel.keep_restricted() cascade;
    drop function kernel.leave_out() cascade;
    drop function kernel.consenting(text) cascade;
    drop function kernel.objectors(text) cascade;
    drop function kernel.restricted_people(text);
    drop table kernel.consents, kernel.restrictions, kernel.objections;
  `,
};
