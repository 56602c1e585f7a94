import type { Migration } from '@ilearn/core';

/** Whether a title says that the activity is a draft. */
export const draftPattern = '\\((in ){0,1}(draft|ontwerp|concept|brouillon|en construction)\\M[^)]*\\)';

/**
 * The words of what every school shares, apart from `activities`: PostgreSQL uses an index for `@@` only on a table without row-level security,
 * because the operator is not leakproof.
 */
export const sharedTextsMigration: Migration = {
  name: '0020_shared_texts',
  up: `
    create table shared_texts (
      activity_id uuid primary key references activities (id) on delete cascade,
      language text not null,
      draft boolean not null,
      age_from integer,
      age_to integer,
      search tsvector not null
    );
    insert into shared_texts (activity_id, language, draft, age_from, age_to, search)
      select id, language, title ~* '${draftPattern}', age_from, age_to, search
      from activities where school_id is null;
    create index shared_texts_search on shared_texts using gin (search);
  `,
  down: 'drop table shared_texts;',
};
