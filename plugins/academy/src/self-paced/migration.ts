import type { Migration } from '@ilearn/core';

export const selfPacedMigration: Migration = {
  name: '0040_self_paced',
  up: `
    -- A path of MyWay that people follow in their own time. It has no foreign key: MyWay may be absent.
    alter table trainings add path_id uuid;
    create index trainings_path on trainings (path_id) where path_id is not null;
    -- The one event of such a training without dates: who follows the path has a sign-up for it.
    alter table events add self_paced boolean not null default false;
    create unique index events_self_paced on events (training_id) where self_paced;
  `,
  down: `
    delete from events where self_paced;
    alter table events drop self_paced;
    alter table trainings drop path_id;
  `,
};
