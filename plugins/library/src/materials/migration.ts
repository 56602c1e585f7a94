import type { Migration } from '@ilearn/core';

export const materialsMigration: Migration = {
  name: '0017_materials',
  up: `
    create table activity_materials (
      activity_id uuid not null references activities (id) on delete cascade,
      material_id uuid not null references materials (id) on delete cascade,
      school_id uuid not null,
      -- of an attached file, from 0; null for a file to which only the text refers
      position integer check (position >= 0),
      primary key (activity_id, material_id)
    );
    create index activity_materials_by_material on activity_materials (material_id);
    -- whether colleagues find it; its maker always does
    alter table activities add listed boolean not null default true;
  `,
  down: 'alter table activities drop listed; drop table activity_materials;',
};
