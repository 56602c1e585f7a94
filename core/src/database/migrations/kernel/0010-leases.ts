import type { Migration } from '../../../contract/table.js';

/** Leases of messages whose job calls another service, so that no transaction stays open during the call. */
export const leaseMigration: Migration = {
  name: '0010_leases',
  up: 'alter table kernel.messages add column lease uuid, add column leased_until timestamptz',
  down: 'alter table kernel.messages drop column lease, drop column leased_until',
};
