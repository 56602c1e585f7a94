import type { Migration, TableDeclaration } from '@ilearn/core';

export const assessmentTables: Record<string, TableDeclaration> = {
  assessments: {
    // Nobody's: the operator's.
    tenant: { sees: ['school_id'], writes: ['school_id'] },
    people: { made_by: 'author' },
    notPeople: {
      answers: 'what was written about the processing, not about people',
      prefilled: 'names of modules, purposes and tables',
    },
    keep: { for: 'P10Y', since: 'made_at' },
    erase: 'anonymise',
    purpose: 'rights-of-people',
    use: 'proving how risks for people were assessed',
  },
};

export const assessmentMigrations: Migration[] = [
  {
    name: '0035_assessments',
    up: `
      create table assessments (
        id uuid primary key default gen_random_uuid(),
        -- Null: of the operator.
        school_id uuid,
        version int not null check (version > 0),
        language text not null check (language in ('nl', 'en', 'fr')),
        made_at timestamptz not null,
        made_by uuid,
        -- What people wrote: question → text.
        answers jsonb not null,
        -- What the portal answered by itself at that moment.
        prefilled jsonb not null
      );
      create unique index assessments_version on assessments (coalesce(school_id, '00000000-0000-0000-0000-000000000000'), version);
      create index assessments_made_by on assessments (made_by);
    `,
    down: 'drop table assessments;',
  },
];
