import type { Migration } from '../../../contract/table.js';

/**
 * Renames what was called school. Policies of plugins' tables are rewritten here rather than when their plugin migrates, because a plugin
 * may be disabled or detached: its policies would read settings that nobody makes any more.
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
  `,
  down: `
    alter table kernel.role_grants rename column tenant_id to school_id;
    alter table kernel.messages rename column tenants to schools;
    alter table kernel.audit_entries rename column tenants to schools;
    alter table kernel.exports rename column tenants to schools;
    ${renamePolicies('tenants', 'schools')}
  `,
};
