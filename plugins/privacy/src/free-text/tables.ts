import type { TableDeclaration } from '@ilearn/core';

const portalWide = { none: 'Only the operator erases people, and decides about names that are left.' };

export const freeTextTables: Record<string, TableDeclaration> = {
  name_searches: { tenant: portalWide, keep: { for: 'P90D', since: 'created_at' } },
  name_mentions: {
    tenant: portalWide,
    people: { decided_by: 'author' },
    notPeople: { row_key: 'the primary key of a row' },
    keep: { with: 'name_searches' },
    erase: 'anonymise',
    purpose: 'rights-of-people',
    use: 'deciding about the name of an erased person in what others wrote',
  },
};
