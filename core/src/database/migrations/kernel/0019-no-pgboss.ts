import type { Migration } from '../../../contract/table.js';

/** Portals without Redis kept tasks in tables of pg-boss. The messages themselves are in `kernel.messages`, so no work is lost. */
export const noPgbossMigration: Migration = {
  name: '0019_no_pgboss',
  up: 'drop schema if exists pgboss cascade',
  down: 'select',
};
