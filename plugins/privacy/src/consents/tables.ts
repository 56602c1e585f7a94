import type { Migration, TableDeclaration } from '@ilearn/core';

export const consentTables: Record<string, TableDeclaration> = {
  consent_questions: {
    tenant: {
      none: 'A question is for a person, who may be in several schools; the routes show a school the questions to its people.',
    },
    people: { person_id: 'subject' },
    notPeople: { texts: 'the question, which is the same for everybody' },
    keep: 'P2Y',
    erase: 'delete',
    withheld: { link_hash: 'Of no use to anybody.' },
    purpose: 'rights-of-people',
    restriction: { decided: 'A consent can be withdrawn at any time (GDPR art. 7(3)).' },
    use: 'asking for consent, and remembering what was answered',
  },
};

export const consentMigrations: Migration[] = [
  {
    name: '0020_consents',
    up: `
      create table consent_questions (
        id uuid primary key default gen_random_uuid(),
        person_id uuid not null,
        school_ids uuid[] not null,
        purpose text not null,
        version text not null,
        texts jsonb not null,
        asked_at timestamptz not null default now(),
        answer text check (answer in ('given', 'refused')),
        answered_at timestamptz,
        link_hash text unique,
        link_expires_at timestamptz,
        updated_at timestamptz not null default now(),
        unique (person_id, purpose, version)
      );
      create index on consent_questions using gin (school_ids);
      create index on consent_questions (updated_at);
    `,
    down: 'drop table consent_questions',
  },
];

export const consentsAbout: Migration = {
  name: '0037_consents_about',
  up: `
    alter table consent_questions add column about text not null default '', add column heading text;
    alter table consent_questions drop constraint consent_questions_person_id_purpose_version_key;
    alter table consent_questions add unique (person_id, purpose, about, version);
    create index consent_questions_given on consent_questions (about, version, person_id) where answer = 'given';
  `,
  down: `
    drop index consent_questions_given;
    delete from consent_questions where about <> '';
    alter table consent_questions drop column about, drop column heading;
    alter table consent_questions add unique (person_id, purpose, version);
  `,
};
