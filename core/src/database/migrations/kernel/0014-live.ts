import type { Migration } from '../../../contract/table.js';

/**
 * Messages published on live topics in the last ten minutes.
 *
 * Rows become visible in the order of their commits, which differs from the order of `id`: a reader that asks for rows after the last `id`
 * would miss some. So `live_after` numbers committed rows while it locks `live_log`. A reader that sees a position sees all earlier ones.
 *
 * Revoked roles and ended sessions are entries too (`kernel.rights`), so that no process sends a later message on the basis of a revoked
 * right. Among rows that are numbered together, these come first.
 */
export const liveMigration: Migration = {
  name: '0014_live',
  up: `
    create table kernel.live_messages (
      id bigint generated always as identity primary key,
      position bigint unique,
      numbered_at timestamptz,
      plugin text not null,
      topic text not null,
      payload jsonb not null
    );
    create index live_unnumbered on kernel.live_messages (id) where position is null;
    create index on kernel.live_messages (topic, position);
    create index on kernel.live_messages (numbered_at);
    create table kernel.live_log (
      single boolean primary key default true check (single),
      last bigint not null default 0,
      purged bigint not null default 0
    );
    insert into kernel.live_log default values;

    create function kernel.number_live_messages() returns bigint language plpgsql as $$
    declare
      before bigint;
      fresh bigint;
    begin
      if not exists (select from kernel.live_messages where position is null) then
        return (select last from kernel.live_log);
      end if;
      select last into before from kernel.live_log for update;
      with waiting as (select id, row_number() over (order by topic <> 'kernel.rights', id) as place from kernel.live_messages where position is null)
      update kernel.live_messages m set position = before + waiting.place, numbered_at = clock_timestamp()
        from waiting where m.id = waiting.id;
      get diagnostics fresh = row_count;
      update kernel.live_log set last = before + fresh where fresh > 0;
      return before + fresh;
    end $$;

    create function kernel.live_after(seen bigint, most int) returns table (at bigint, about text, content text) language plpgsql as $$
    begin
      perform kernel.number_live_messages();
      return query select m.position, m.topic, m.payload::text from kernel.live_messages m
        where m.position > seen order by m.position limit most;
    end $$;

    create function kernel.purge_live_messages() returns void language plpgsql as $$
    begin
      perform kernel.number_live_messages();
      with gone as (delete from kernel.live_messages where numbered_at < now() - interval '10 minutes' returning position)
      update kernel.live_log set purged = greatest(purged, (select max(position) from gone)) where exists (select from gone);
    end $$;

    create function kernel.tell_taken_roles() returns trigger language plpgsql as $$
    begin
      insert into kernel.live_messages (plugin, topic, payload)
        select 'kernel', 'kernel.rights', jsonb_build_object('changed', jsonb_agg(distinct s.handle))
        from kernel.sessions s where s.person_id in (select person_id from taken) having count(*) > 0;
      if found then perform pg_notify('ilearn_live', ''); end if;
      return null;
    end $$;
    create trigger tell_live after delete on kernel.role_grants referencing old table as taken
      for each statement execute function kernel.tell_taken_roles();

    create function kernel.tell_ended_sessions() returns trigger language plpgsql as $$
    begin
      insert into kernel.live_messages (plugin, topic, payload)
        select 'kernel', 'kernel.rights', jsonb_build_object('ended', jsonb_agg(handle)) from ended having count(*) > 0;
      if found then perform pg_notify('ilearn_live', ''); end if;
      return null;
    end $$;
    create trigger tell_live after delete on kernel.sessions referencing old table as ended
      for each statement execute function kernel.tell_ended_sessions();
  `,
  down: `drop trigger tell_live on kernel.sessions; drop trigger tell_live on kernel.role_grants;
    drop function kernel.tell_ended_sessions(), kernel.tell_taken_roles(), kernel.purge_live_messages(),
      kernel.live_after(bigint, int), kernel.number_live_messages();
    drop table kernel.live_log, kernel.live_messages;`,
};
