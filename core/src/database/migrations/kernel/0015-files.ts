import type { Migration } from '../../../contract/table.js';

/**
 * What the kernel records about files besides the rows that plugins see: uploads that are not kept yet, files to be removed from the store,
 * and the storage used by each tenant. The trigger function runs on every table of files; it is `security definer` because plugins may not
 * write here.
 */
export const filesMigration: Migration = {
  name: '0015_files',
  up: `
    create table kernel.file_kinds (
      plugin text not null,
      kind text not null,
      primary key (plugin, kind)
    );
    create table kernel.file_uploads (
      id uuid primary key,
      plugin text not null,
      kind text not null,
      started_at timestamptz not null default now()
    );
    create index on kernel.file_uploads (started_at);
    create table kernel.file_removals (
      id uuid primary key,
      plugin text not null,
      kind text not null,
      removed_at timestamptz not null default now()
    );
    create table kernel.file_usage (
      plugin text not null,
      kind text not null,
      tenant text not null,
      bytes bigint not null,
      files bigint not null,
      primary key (tenant, plugin, kind)
    );
    create function kernel.note_file() returns trigger language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
    declare
      file record;
      change int;
    begin
      if tg_op = 'INSERT' then
        file := new;
        change := 1;
      else
        file := old;
        change := -1;
        insert into kernel.file_removals (id, plugin, kind) values (old.id, tg_argv[0], tg_table_name) on conflict do nothing;
      end if;
      insert into kernel.file_usage as u (plugin, kind, tenant, bytes, files)
        values (tg_argv[0], tg_table_name, coalesce(to_jsonb(file) ->> tg_argv[1], ''), change * (file.bytes + coalesce(file.thumbnail, 0)), change)
        on conflict (tenant, plugin, kind) do update set bytes = u.bytes + excluded.bytes, files = u.files + excluded.files;
      return null;
    end $$;
  `,
  down: 'drop function kernel.note_file; drop table kernel.file_usage, kernel.file_removals, kernel.file_uploads, kernel.file_kinds',
};
