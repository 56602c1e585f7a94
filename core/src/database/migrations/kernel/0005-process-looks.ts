import type { Migration } from '../../../contract/table.js';

/** When a process last read the operators' decisions, separate from its heartbeat. */
export const processLooksMigration: Migration = {
  name: '0005_process_looks',
  up: 'alter table kernel.processes add column looked_at timestamptz not null default now()',
  down: 'alter table kernel.processes drop column looked_at',
};
