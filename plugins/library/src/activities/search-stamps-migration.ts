import type { Migration } from '@ilearn/core';

export const searchStampsMigration: Migration = {
  name: '0018_search_stamps',
  // One row, renewed with every change of activities of no school and of the curriculum.
  up: `
    create table search_stamps (stamp uuid not null);
    insert into search_stamps values (gen_random_uuid());
  `,
  down: 'drop table search_stamps;',
};
