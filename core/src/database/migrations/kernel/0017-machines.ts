import type { Migration } from '../../../contract/table.js';

/**
 * Budgets of machines, and answers to their writes.
 *
 * A budget is stored as the moment at which it will be full again (generic cell rate algorithm): one timestamp for each client and tenant.
 * The table is unlogged: after a crash of the database every budget is full, which harms nobody.
 */
export const machinesMigration: Migration = {
  name: '0017_machines',
  up: `
    alter table kernel.audit_entries add column client uuid;

    create unlogged table kernel.machine_budgets (
      client uuid not null,
      tenant text not null,
      full_at timestamptz not null,
      primary key (client, tenant)
    ) with (fillfactor = 50);

    create function kernel.charge_machine(asking uuid, of_tenants text[], cost int, per_minute int, out remaining int, out wait float8, out refill float8)
    language plpgsql as $$
    declare
      moment timestamptz;
      owed float8;
      spent float8 := least(cost, per_minute) * 60.0 / per_minute;
    begin
      insert into kernel.machine_budgets (client, tenant, full_at)
        select asking, t, '-infinity' from unnest(of_tenants) t order by t on conflict do nothing;
      perform from kernel.machine_budgets b where b.client = asking and b.tenant = any (of_tenants) order by b.tenant for update;
      moment := clock_timestamp();
      select greatest(0, coalesce(max(extract(epoch from b.full_at - moment)) filter (where b.full_at > moment), 0)) into owed
        from kernel.machine_budgets b where b.client = asking and b.tenant = any (of_tenants);
      wait := greatest(0, owed + spent - 60);
      if wait = 0 then
        update kernel.machine_budgets b set full_at = greatest(b.full_at, moment) + make_interval(secs => spent)
          where b.client = asking and b.tenant = any (of_tenants);
        owed := owed + spent;
      end if;
      refill := owed;
      remaining := greatest(0, floor((60 - owed) * per_minute / 60 + 0.000001));
    end $$;

    create table kernel.machine_answers (
      id bytea primary key,
      request bytea not null,
      answer bytea,
      created_at timestamptz not null default now()
    );
    create index on kernel.machine_answers (created_at);
    -- An answer may show data of an erased person. Its row stays, so that the write is not done twice.
    create function kernel.forget_machine_answers() returns trigger language plpgsql as $$
    begin
      update kernel.machine_answers set answer = null where answer is not null;
      return null;
    end $$;
    create trigger forget_answers after update of state on kernel.erasures
      for each row when (new.state = 'done') execute function kernel.forget_machine_answers();
  `,
  down: `drop trigger forget_answers on kernel.erasures; drop function kernel.forget_machine_answers(); drop table kernel.machine_answers; drop function kernel.charge_machine(uuid, text[], int, int); drop table kernel.machine_budgets;
    alter table kernel.audit_entries drop column client;`,
};
