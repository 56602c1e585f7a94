import type { Migration, TableDeclaration } from '@ilearn/core';

export const tables: Record<string, TableDeclaration> = {
  activity: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    // A school year, and time to release it.
    keep: { for: 'P15M', since: 'month' },
    erase: 'delete',
    purpose: 'reports',
    use: 'releases for research with noise, in which nobody can be recognised',
  },
  data_sets: { tenant: { none: 'Descriptions of data without people, which the portal releases.' } },
  releases: {
    tenant: { none: 'Released data, in which nobody can be recognised.' },
    notPeople: { definition: 'measures, periods and bounds' },
  },
  withdrawals: { tenant: { none: 'Released data that nobody is given any more, and why.' } },
  answers: {
    tenant: { none: 'Answers with noise, which are given once.' },
    notPeople: { groups: 'names of provinces, levels or tools, and totals with noise' },
  },
  microdata_months: { tenant: { none: 'Of which tools and months rows about pupils were released.' } },
  budgets: { tenant: { none: 'What was spent of the privacy budget of each school year.' } },
};

const up = `
  create table activity (
    month date not null check (extract(day from month) = 1),
    school_id uuid not null,
    person_id uuid not null,
    measure text not null check (measure in ('launches', 'steps-done')),
    item text not null,
    amount int not null check (amount > 0),
    updated_at timestamptz not null default now(),
    primary key (person_id, month, school_id, measure, item)
  );
  create index activity_month on activity (month, person_id);

  create table data_sets (
    id uuid primary key default gen_random_uuid(),
    tier text not null check (tier in ('open', 'research')),
    title text not null,
    description text not null,
    created_at timestamptz not null default now()
  );

  create table releases (
    id uuid primary key default gen_random_uuid(),
    data_set_id uuid not null references data_sets,
    version int not null check (version > 0),
    definition jsonb not null,
    state text not null default 'draft' check (state in ('draft', 'approved', 'preparing', 'published')),
    -- CSV in UTF-8.
    content text,
    row_count int,
    sha256 text,
    created_at timestamptz not null default now(),
    published_at timestamptz,
    unique (data_set_id, version),
    check ((state = 'published') = (content is not null and row_count is not null and sha256 is not null and published_at is not null))
  );
  create index releases_published on releases (published_at desc, id) where state = 'published';

  -- What was released never changes, and neither does what was approved.
  create function releases_stay() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then
        if old.state in ('draft', 'approved') then return old; end if;
        raise exception 'a release that is prepared or published stays';
      end if;
      if old.state = 'published' or (new.id, new.data_set_id, new.version, new.definition)
          is distinct from (old.id, old.data_set_id, old.version, old.definition) then
        raise exception 'a release never changes';
      end if;
      return new;
    end $$;
  create trigger releases_stay before update or delete on releases for each row execute function releases_stay();

  create table answers (
    question text not null,
    snapshot text not null,
    epsilon bigint not null check (epsilon > 0),
    delta bigint not null check (delta >= 0),
    -- Null: paid, and not drawn yet.
    groups jsonb,
    asked_at timestamptz not null default now(),
    primary key (question, snapshot)
  );
  create function answers_stay() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' and old.groups is null and (new.question, new.snapshot, new.epsilon, new.delta)
          is not distinct from (old.question, old.snapshot, old.epsilon, old.delta) then
        return new;
      end if;
      raise exception 'an answer is given once';
    end $$;
  create trigger answers_stay before update or delete on answers for each row execute function answers_stay();

  create table budgets (
    scope date primary key,
    epsilon_cap bigint not null,
    delta_cap bigint not null,
    epsilon_spent bigint not null default 0 check (epsilon_spent between 0 and epsilon_cap),
    delta_spent bigint not null default 0 check (delta_spent between 0 and delta_cap)
  );
  create function budgets_grow() returns trigger language plpgsql as $$
    begin
      if tg_op = 'UPDATE' and (new.scope, new.epsilon_cap, new.delta_cap) is not distinct from (old.scope, old.epsilon_cap, old.delta_cap)
          and new.epsilon_spent >= old.epsilon_spent and new.delta_spent >= old.delta_spent then
        return new;
      end if;
      raise exception 'what was spent of a budget is never given back';
    end $$;
  create trigger budgets_grow before update or delete on budgets for each row execute function budgets_grow();
`;

const down = `
  drop table budgets, answers, releases, data_sets, activity;
  drop function budgets_grow();
  drop function answers_stay();
  drop function releases_stay();
`;

export const migrations: Migration[] = [{ name: '0001_data_space', up, down }];

export const withdrawals: Migration = {
  name: '0003_withdrawals',
  up: `
    create table withdrawals (
      release_id uuid primary key references releases,
      reason text not null,
      at timestamptz not null default now()
    );

    -- Approved and published under one title and tier.
    create function data_sets_stay() returns trigger language plpgsql as $$
      begin
        raise exception 'a data set never changes';
      end $$;
    create trigger data_sets_stay before update on data_sets for each row execute function data_sets_stay();
  `,
  down: `
    drop trigger data_sets_stay on data_sets;
    drop function data_sets_stay();
    drop table withdrawals;
  `,
};

export const microdata: Migration = {
  name: '0005_microdata',
  up: `
    alter table data_sets drop constraint data_sets_tier_check;
    alter table data_sets add constraint data_sets_tier_check check (tier in ('open', 'research', 'microdata'));
    create table microdata_months (
      tool text not null,
      month date not null,
      release_id uuid not null references releases,
      primary key (tool, month)
    );
  `,
  down: `
    drop table microdata_months;
    alter table data_sets drop constraint data_sets_tier_check;
    alter table data_sets add constraint data_sets_tier_check check (tier in ('open', 'research'));
  `,
};

const releasesStay = (states: string): string => `
  create or replace function releases_stay() returns trigger language plpgsql as $$
    begin
      if tg_op = 'DELETE' then
        if old.state in ('draft', 'approved') then return old; end if;
        raise exception 'a release that is prepared or published stays';
      end if;
      if old.state = 'published' or (new.id, new.data_set_id, new.version, new.definition)
          is distinct from (old.id, old.data_set_id, old.version, old.definition) then
        raise exception 'a release never changes';
      end if;
      ${states}
      return new;
    end $$;
`;

export const releaseStates: Migration = {
  name: '0010_release_states',
  // Nothing is published that was not approved and prepared.
  up: releasesStay(`
      if (old.state, new.state) not in (('draft', 'approved'), ('approved', 'preparing'), ('preparing', 'published')) then
        raise exception 'a release goes from one state to the next';
      end if;`),
  down: releasesStay(''),
};
