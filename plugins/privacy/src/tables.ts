import type { Migration, TableDeclaration } from '@ilearn/core';
import { agreementMigrations, agreementTables } from './agreements/tables.js';
import { assessmentMigrations, assessmentTables } from './assessment/tables.js';
import { consentMigrations, consentsAbout, consentTables } from './consents/tables.js';
import { freeTextMigrations, searchedPersonMigrations } from './free-text/migrations.js';
import { freeTextTables } from './free-text/tables.js';
import { incidentsMigrations, toldSchoolsMigrations } from './incidents/migrations.js';
import { incidentsTables } from './incidents/tables.js';
import { carriedOutMigrations, requestsMigrations } from './requests/migrations.js';
import { requestsTables } from './requests/tables.js';

export const tables: Record<string, TableDeclaration> = {
  statement_versions: {
    tenant: { none: 'The statement is the same for everybody.' },
    notPeople: { composition: 'names of modules, purposes and tables' },
  },
  ...agreementTables,
  ...assessmentTables,
  ...consentTables,
  ...requestsTables,
  ...incidentsTables,
  ...freeTextTables,
};

export const migrations: Migration[] = [
  {
    name: '0010_statement_versions',
    up: `
      create table statement_versions (
        number int primary key,
        since timestamptz not null,
        composition jsonb not null
      );
    `,
    down: 'drop table statement_versions;',
  },
  ...agreementMigrations,
  ...consentMigrations,
  ...requestsMigrations,
  ...incidentsMigrations,
  ...freeTextMigrations,
  ...carriedOutMigrations,
  ...toldSchoolsMigrations,
  ...assessmentMigrations,
  ...searchedPersonMigrations,
  consentsAbout,
];
