import type { Migration } from '../../../contract/table.js';

/** Consents about different things of one purpose, such as two studies, stand beside each other. */
export const consentsAboutMigration: Migration = {
  name: '0026_consents_about',
  up: `
    alter table kernel.consents add column about text not null default '';
    drop index kernel.consents_purpose_person_id_idx;
    create unique index on kernel.consents (purpose, person_id, about) where withdrawn_at is null;
  `,
  down: `
    delete from kernel.consents where about <> '';
    alter table kernel.consents drop column about;
    create unique index on kernel.consents (purpose, person_id) where withdrawn_at is null;
  `,
};
