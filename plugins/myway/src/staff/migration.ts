import type { Migration } from '@ilearn/core';

export const staffPathsMigration: Migration = {
  name: '0040_staff_paths',
  up: `
    alter table paths add audience text not null default 'pupils' check (audience in ('pupils', 'staff'));
    create index on paths (title) where audience = 'staff' and deleted_at is null;
    -- A path that a colleague follows for themselves is given through no class.
    alter table assignments
      alter class_id drop not null,
      add learner_id uuid,
      add check ((class_id is null) = (learner_id is not null));
    create unique index assignments_of_learners on assignments (learner_id, path_id) where learner_id is not null;
  `,
  down: `
    delete from assignments where learner_id is not null;
    alter table assignments drop learner_id, alter class_id set not null;
    alter table paths drop audience;
  `,
};
