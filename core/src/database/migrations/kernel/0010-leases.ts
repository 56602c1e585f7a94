import type { Migration } from '../../../contract/table.js';

/** Who calls another service for a message holds it by a lease, since no transaction stays open meanwhile. */
export const leaseMigration: Migration = {
  name: '0010_leases',
  up: 'alter table kernel.messages add column lease uuid, add column leased_until timestamptz',
  down: 'alter table kernel.messages drop column lease, drop column leased_until',
};
