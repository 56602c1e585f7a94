import type { Migration } from '../../../contract/table.js';

/**
 * Settings of the portal (tenant '') and of tenants: one row for each plugin, with the fields that differ from their fallback. No plugin's
 * role may read it. Audit entries record which setting changed, and schedules are stored with their time zone.
 */
export const settingsMigration: Migration = {
  name: '0016_settings',
  up: `
    create table kernel.settings (
      plugin text not null,
      tenant text not null,
      fields jsonb not null default '{}',
      version integer not null default 0,
      changed_at timestamptz not null default now(),
      primary key (plugin, tenant)
    );
    create index on kernel.settings (tenant);
    alter table kernel.audit_entries add column details jsonb;
    alter table kernel.schedules add column zone text not null default 'UTC';
  `,
  down: `alter table kernel.schedules drop column zone; alter table kernel.audit_entries drop column details; drop table kernel.settings`,
};
