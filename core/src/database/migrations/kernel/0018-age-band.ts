import type { Migration } from '../../../contract/table.js';

/** Age band of a pupil, by which pages choose sizes and words. */
export const ageBandMigration: Migration = {
  name: '0018_age_band',
  up: 'alter table kernel.sessions add column age_band text',
  down: 'alter table kernel.sessions drop column age_band',
};
