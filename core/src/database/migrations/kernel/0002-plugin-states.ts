import type { Migration } from '../../../contract/table.js';

/** Operators' decisions about plugins, and each process's report on them. */
export const pluginStatesMigration: Migration = {
  name: '0002_plugin_states',
  up: `
    create table kernel.plugin_states (
      id text primary key,
      origin text not null,
      enabled boolean not null default true,
      remembered jsonb,
      retry_asked_at timestamptz
    );
    create table kernel.processes (
      id uuid primary key,
      name text not null,
      plugins json not null,
      seen_at timestamptz not null default now()
    );
  `,
  down: 'drop table kernel.processes, kernel.plugin_states',
};
