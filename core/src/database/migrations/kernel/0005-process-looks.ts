import type { Migration } from '../../../contract/table.js';

/** Until when a process knows what operators decided, apart from when it last told that it lives. */
export const processLooksMigration: Migration = {
  name: '0005_process_looks',
  up: 'alter table kernel.processes add column looked_at timestamptz not null default now()',
  down: 'alter table kernel.processes drop column looked_at',
};
