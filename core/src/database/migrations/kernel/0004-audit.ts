import type { Migration } from '../../../contract/table.js';

/**
 * The audit log in monthly partitions. Entries name people by pseudonym; the link to the person is in a table of its own, from which
 * erasure deletes it.
 */
export const auditMigration: Migration = {
  name: '0004_audit',
  up: `
    create table kernel.audit_entries (
      id bigint generated always as identity,
      at timestamptz not null default clock_timestamp(),
      actor_kind text not null,
      actor uuid,
      plugin text not null,
      route text not null,
      params jsonb not null,
      status smallint not null,
      schools text[] not null,
      request_id text not null,
      people uuid[] not null
    ) partition by range (at);
    create index on kernel.audit_entries using gin (people);
    create index on kernel.audit_entries (at);

    create table kernel.audit_pseudonyms (
      id uuid primary key,
      pseudonym uuid not null unique default gen_random_uuid()
    );

    create function kernel.refuse_change() returns trigger language plpgsql as $$
    begin
      raise exception 'the audit log is only ever added to' using errcode = 'insufficient_privilege';
    end $$;
    create trigger append_only before update or delete on kernel.audit_entries for each row execute function kernel.refuse_change();
    create trigger append_only_whole before truncate on kernel.audit_entries execute function kernel.refuse_change();

    create table kernel.erasures (
      id uuid primary key default gen_random_uuid(),
      person_id uuid,
      state text not null default 'running' check (state in ('running', 'failed', 'done')),
      requested_at timestamptz not null default now(),
      finished_at timestamptz,
      failure text,
      attempts integer not null default 0,
      holder uuid,
      held_until timestamptz,
      next_at timestamptz not null default now(),
      check ((state = 'done') = (person_id is null))
    );
    create unique index on kernel.erasures (person_id);
    create table kernel.erased_rows (
      erasure_id uuid not null references kernel.erasures on delete cascade,
      plugin text not null,
      table_name text not null,
      action text not null,
      rows bigint not null,
      primary key (erasure_id, plugin, table_name, action)
    );
    create table kernel.chores (name text primary key, done_at timestamptz not null default '-infinity');
    insert into kernel.chores (name) values ('retention');
  `,
  down: `drop table kernel.chores, kernel.erased_rows, kernel.erasures, kernel.audit_pseudonyms, kernel.audit_entries;
    drop function kernel.refuse_change();`,
};
