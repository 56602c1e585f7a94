import type { Migration, TableDeclaration } from '@ilearn/core';

export const agreementTables: Record<string, TableDeclaration> = {
  agreement_versions: {
    tenant: { none: 'The text is the same for all schools.' },
    notPeople: { composition: 'names of modules, purposes, tables and processors' },
  },
  agreements: {
    tenant: 'school_id',
    people: { decided_by: 'author' },
    keep: { for: 'P10Y', since: 'decided_at' },
    erase: 'anonymise',
    clear: ['reason'],
    purpose: 'rights-of-people',
    use: 'proving what a school and the operator agreed on',
  },
};

export const agreementMigrations: Migration[] = [
  {
    name: '0011_agreements',
    up: `
      create table agreement_versions (
        number int primary key,
        since timestamptz not null,
        -- Null for the first, which replaces nothing.
        objection_until timestamptz,
        composition jsonb not null
      );
      create table agreements (
        id uuid primary key default gen_random_uuid(),
        school_id uuid not null,
        version int not null references agreement_versions,
        decision text not null check (decision in ('accepted', 'objected')),
        decided_by uuid,
        decided_at timestamptz not null,
        language text not null check (language in ('nl', 'en', 'fr')),
        -- The agreement as it was accepted, in HTML; null for an objection.
        document text,
        reason text,
        unique (school_id, version, decision)
      );
      create index agreements_school on agreements (school_id, decided_at desc);
    `,
    down: 'drop table agreements, agreement_versions;',
  },
];
