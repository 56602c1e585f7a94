import type { Migration, TableDeclaration } from '@ilearn/core';

/** What the school and the partner both see, and only the school decides. */
const ofBoth = { sees: ['school_id', 'provider_id'], writes: ['school_id'] };

export const tables: Record<string, TableDeclaration> = {
  apps: { tenant: 'provider_id' },
  app_secrets: { tenant: 'provider_id' },
  app_keys: { tenant: 'provider_id', notPeople: { public_jwk: 'a public key of an app' } },
  used_assertions: { tenant: { none: 'hashes of assertions that apps sent, until they expire' } },
  access_tokens: { tenant: { none: 'hashes of the tokens of apps, which the portal checks before it knows whose they are' } },
  grants: { tenant: ofBoth },
  calls: { tenant: ofBoth, keep: { for: 'P1Y', since: 'day' } },
  endpoints: { tenant: 'provider_id' },
  deliveries: {
    tenant: { sees: ['provider_id', 'school_id'], writes: ['provider_id'] },
    people: { person_id: 'subject' },
    notPeople: { data: 'ids of what changed; a person among them is in person_id' },
    keep: { for: 'P30D', since: 'happened_at' },
    erase: 'delete',
    purpose: 'learning',
    use: 'telling apps that the school switched on that something changed',
    recipients: ['apps of partners that the school switched on: ids only'],
  },
  delivery_tries: { tenant: 'provider_id' },
};

const up = `
  create table apps (
    id uuid primary key default gen_random_uuid(),
    provider_id uuid not null,
    name text not null,
    description text not null,
    website text not null,
    scopes text[] not null,
    state text not null default 'submitted' check (state in ('submitted', 'approved', 'refused', 'suspended')),
    -- Whether the portal has to look at what the partner wrote.
    pending boolean not null default true,
    reason text,
    -- As the portal approved it. Schools see nothing else.
    approved_name text,
    approved_description text,
    approved_website text,
    approved_scopes text[] not null default '{}',
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  create index apps_provider on apps (provider_id, name, id);
  create index apps_pending on apps (updated_at, id) where pending;
  create index apps_approved on apps (approved_name, id) where state = 'approved';

  create table app_secrets (
    id uuid primary key default gen_random_uuid(),
    app_id uuid not null references apps on delete cascade,
    provider_id uuid not null,
    digest bytea not null,
    hint text not null,
    ends_at timestamptz,
    created_at timestamptz not null default now(),
    unique (app_id, digest)
  );

  create table app_keys (
    id uuid primary key default gen_random_uuid(),
    app_id uuid not null references apps on delete cascade,
    provider_id uuid not null,
    kid text not null,
    public_jwk jsonb not null,
    created_at timestamptz not null default now(),
    unique (app_id, kid)
  );

  create table used_assertions (
    app_id uuid not null references apps on delete cascade,
    jti_hash bytea not null,
    expires_at timestamptz not null,
    primary key (app_id, jti_hash)
  );
  create index used_assertions_expiry on used_assertions (expires_at);

  create table access_tokens (
    token_hash bytea primary key,
    app_id uuid not null references apps on delete cascade,
    scopes text[] not null,
    -- Null: every school that granted the scopes.
    school_id uuid,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null
  );
  create index access_tokens_app on access_tokens (app_id, created_at);
  create index access_tokens_expiry on access_tokens (expires_at);

  create table grants (
    app_id uuid not null references apps on delete cascade,
    school_id uuid not null,
    provider_id uuid not null,
    scopes text[] not null check (scopes <> '{}'),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now(),
    primary key (app_id, school_id)
  );
  create index grants_school on grants (school_id);
  create index grants_provider on grants (provider_id);

  create table calls (
    app_id uuid not null references apps on delete cascade,
    school_id uuid not null,
    provider_id uuid not null,
    day date not null,
    route text not null,
    answered bigint not null,
    refused bigint not null,
    primary key (app_id, school_id, day, route)
  );
  create index calls_school on calls (school_id, day);
  create index calls_day on calls (day);

  create table endpoints (
    id uuid primary key default gen_random_uuid(),
    app_id uuid not null references apps on delete cascade,
    provider_id uuid not null,
    url text not null,
    types text[] not null,
    -- Sealed with the portal's key.
    secret bytea,
    old_secret bytea,
    old_until timestamptz,
    state text not null default 'on' check (state in ('on', 'off', 'stopped')),
    stopped_because text check (stopped_because in ('gone', 'failing')),
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  );
  create index endpoints_app on endpoints (app_id);

  create table deliveries (
    id uuid primary key default gen_random_uuid(),
    endpoint_id uuid not null references endpoints on delete cascade,
    provider_id uuid not null,
    -- Null: a message to try the endpoint out.
    school_id uuid,
    type text not null,
    data jsonb not null,
    person_id uuid,
    happened_at timestamptz not null default now(),
    state text not null check (state in ('waiting', 'delivered', 'failed', 'held', 'dropped')),
    -- Counts replays: tries of an earlier round are not made any more.
    round int not null default 0,
    tries int not null default 0,
    next_at timestamptz,
    updated_at timestamptz not null default now()
  );
  create index deliveries_endpoint on deliveries (endpoint_id, happened_at desc, id desc);
  create index deliveries_person on deliveries (person_id) where person_id is not null;
  create index deliveries_school on deliveries (school_id);
  create index deliveries_age on deliveries (happened_at);

  create table delivery_tries (
    id uuid primary key default gen_random_uuid(),
    delivery_id uuid not null references deliveries on delete cascade,
    provider_id uuid not null,
    tried_at timestamptz not null default now(),
    -- Null: no answer; failure says why.
    status int,
    failure text,
    ms int not null
  );
  create index delivery_tries_delivery on delivery_tries (delivery_id, tried_at desc);
`;

const down = `
  drop table delivery_tries, deliveries, endpoints, calls, grants, access_tokens, used_assertions, app_keys, app_secrets, apps;
`;

export const migrations: Migration[] = [
  { name: '0001_api', up, down },
  {
    name: '0002_try_outs',
    up: `
      -- The token is a grant of its own: it reaches its school, which is the sandbox, without one of the school.
      alter table access_tokens add tries_out boolean not null default false;
    `,
    down: 'delete from access_tokens where tries_out; alter table access_tokens drop tries_out;',
  },
];
