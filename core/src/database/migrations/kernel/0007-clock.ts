import type { Migration } from '../../../contract/table.js';

/** One row: when a process of the portal last read the database's clock, and since when that clock has been in doubt. */
export const clockMigration: Migration = {
  name: '0007_clock',
  up: `
    create table kernel.clock (
      one boolean primary key default true check (one),
      seen_at timestamptz not null default clock_timestamp(),
      doubted_since timestamptz
    );
    insert into kernel.clock default values;
  `,
  down: 'drop table kernel.clock',
};
