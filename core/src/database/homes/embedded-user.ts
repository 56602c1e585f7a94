import type { PGlite } from '@electric-sql/pglite';
import { KERNEL_PATH } from './session-settings.js';

/** The user that the portal becomes on its embedded database. */
export const EMBEDDED_USER = 'portal';

/** Transfers to the portal's user what an earlier version, or a plugin's migration, created as superuser. */
const takeOver = `
do $$ declare item record; begin
  for item in select nspname from pg_namespace where nspowner = 10 and nspname !~ '^(pg_|information_schema$|public$)' loop
    execute format('alter schema %I owner to ${EMBEDDED_USER}', item.nspname);
  end loop;
  for item in select n.nspname, c.relname, c.relkind from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relowner = 10 and n.nspname !~ '^(pg_|information_schema$)' and c.relkind in ('r', 'p', 'v', 'm')
      or c.relowner = 10 and n.nspname !~ '^(pg_|information_schema$)' and c.relkind = 'S'
        and not exists (select from pg_depend d where d.objid = c.oid and d.deptype in ('a', 'i')) loop
    execute format('alter %s %I.%I owner to ${EMBEDDED_USER}',
      case item.relkind when 'v' then 'view' when 'm' then 'materialized view' when 'S' then 'sequence' else 'table' end,
      item.nspname, item.relname);
  end loop;
  for item in select p.oid::regprocedure as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.proowner = 10 and n.nspname !~ '^(pg_|information_schema$)' loop
    execute format('alter routine %s owner to ${EMBEDDED_USER}', item.name);
  end loop;
  for item in select t.oid::regtype as name from pg_type t join pg_namespace n on n.oid = t.typnamespace
    where t.typowner = 10 and n.nspname !~ '^(pg_|information_schema$)' and t.typtype in ('e', 'd') loop
    execute format('alter type %s owner to ${EMBEDDED_USER}', item.name);
  end loop;
  for item in select rolname from pg_roles where oid >= 16384 and rolname <> '${EMBEDDED_USER}' loop
    execute format('grant %I to ${EMBEDDED_USER} with admin option', item.rolname);
  end loop;
end $$`;

/** Revokes rights that PostgreSQL grants to everyone and no plugin should have: changing settings through a view, and large objects. */
const closeDoors = `
revoke update on pg_catalog.pg_settings from public;
revoke temporary on database postgres from public;
do $$ declare item record; begin
  for item in select p.oid::regprocedure as name from pg_proc p
    where p.pronamespace = 'pg_catalog'::regnamespace and p.proname ~ '^(lo_|lowrite$|loread$)' loop
    execute format('revoke execute on function %s from public', item.name);
  end loop;
end $$`;

/**
 * PGlite opens its session as a superuser. That right is used once, to create a user that may create roles and schemas and nothing else;
 * then the session becomes that user's.
 */
export async function becomeUser(pglite: PGlite): Promise<void> {
  await pglite.exec(`
    reset session authorization; reset role; set search_path = pg_catalog;
    do $$ begin
      if not exists (select from pg_roles where rolname = '${EMBEDDED_USER}') then
        create role ${EMBEDDED_USER} login createrole bypassrls;
      end if;
    end $$;
    alter database postgres owner to ${EMBEDDED_USER};
    ${closeDoors};
    ${takeOver};
    reset all;
    set search_path = ${KERNEL_PATH};
    set session authorization ${EMBEDDED_USER}`);
}
