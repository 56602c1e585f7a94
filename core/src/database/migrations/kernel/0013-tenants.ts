import type { Migration } from '../../../contract/table.js';

/**
 * Renames "school" to "tenant". Policies of plugins' tables are rewritten here and not when their plugin migrates, because a plugin may be
 * disabled or detached: its policies would then read settings that are no longer set.
 */
const renamePolicies = (from: string, to: string): string => `
    do $$
    declare
      policy record;
      old text := '${from}';
    begin
      for policy in
        select p.schemaname, p.tablename, p.policyname, t.tableowner,
          replace(replace(p.qual, 'ilearn.' || old, 'ilearn.${to}'), 'ilearn.all_' || old, 'ilearn.all_${to}') as seen,
          replace(replace(p.with_check, 'ilearn.' || old, 'ilearn.${to}'), 'ilearn.all_' || old, 'ilearn.all_${to}') as written
        from pg_catalog.pg_policies p join pg_catalog.pg_tables t using (schemaname, tablename)
        where p.policyname like 'ilearn\\_%' and concat(p.qual, p.with_check) ~ ('ilearn\\.(all_)?' || old)
      loop
        execute format('set local role %I', policy.tableowner);
        execute format('alter policy %I on %I.%I', policy.policyname, policy.schemaname, policy.tablename)
          || coalesce(' using (' || policy.seen || ')', '') || coalesce(' with check (' || policy.written || ')', '');
        set local role none;
      end loop;
    end $$;`;

export const tenantsMigration: Migration = {
  name: '0013_tenants',
  up: `
    alter table kernel.role_grants rename column school_id to tenant_id;
    alter table kernel.messages rename column schools to tenants;
    alter table kernel.audit_entries rename column schools to tenants;
    alter table kernel.exports rename column schools to tenants;
    ${renamePolicies('schools', 'tenants')}

    create table kernel.tenants (
      id text primary key,
      kind text not null,
      plugin text not null,
      registered_at timestamptz not null default now()
    );
    create index on kernel.tenants (plugin, kind);

    -- Arguments: columns that name the tenants who write a row.
    create function kernel.keep_tenants() returns trigger language plpgsql set search_path = pg_catalog, pg_temp as $$
    declare
      acting text[] := coalesce(string_to_array(current_setting('ilearn.tenants', true), ','), '{}');
      before jsonb := to_jsonb(old);
      after jsonb := to_jsonb(new);
      name text;
      lost text[];
      gained text[];
    begin
      if current_setting('ilearn.all_tenants', true) = 'on' then return null; end if;
      foreach name in array tg_argv loop
        lost := array(select kernel.tenants_in(before -> name) except select kernel.tenants_in(after -> name));
        gained := array(select kernel.tenants_in(after -> name) except select kernel.tenants_in(before -> name));
        if cardinality(lost) > 0 and not (lost || gained <@ acting) then
          raise exception 'a row of % was to be taken from a tenant for which nobody acts here', tg_relid::regclass
            using errcode = 'insufficient_privilege', detail = format('column %s', name);
        end if;
      end loop;
      return null;
    end $$;
    create function kernel.tenants_in(value jsonb) returns setof text language sql immutable set search_path = pg_catalog, pg_temp as $$
      select each from jsonb_array_elements_text(
        case jsonb_typeof(value) when 'array' then value when 'null' then '[]' else jsonb_build_array(value) end) each
      where each is not null
    $$;
  `,
  down: `
    drop table kernel.tenants;
    drop function kernel.keep_tenants();
    drop function kernel.tenants_in(jsonb);
    alter table kernel.role_grants rename column tenant_id to school_id;
    alter table kernel.messages rename column tenants to schools;
    alter table kernel.audit_entries rename column tenants to schools;
    alter table kernel.exports rename column tenants to schools;
    ${renamePolicies('tenants', 'schools')}
  `,
};
