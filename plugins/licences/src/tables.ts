import type { TableDeclaration } from '@ilearn/core';

const seenBySchools = { sees: ['provider_id', 'school_ids'], writes: ['provider_id'] };

export const tables: Record<string, TableDeclaration> = {
  tools: { tenant: { none: 'Which tools need a licence, and of which provider they are, is the same for every school.' } },
  agreements: { tenant: 'provider_id' },
  plans: { tenant: seenBySchools },
  grants: { tenant: { sees: ['provider_id', 'school_id'], writes: ['provider_id'] } },
  group_grants: { tenant: 'provider_id' },
  school_choices: { tenant: 'school_id' },
  class_choices: { tenant: 'school_id' },
  turned_choices: { tenant: 'school_id' },
  seats: {
    tenant: 'school_id',
    people: { person_id: 'subject' },
    restriction: { shown: 'A taken seat that is not counted would be given to somebody else.' },
    keep: { for: 'P1Y', since: 'ends_on' },
    erase: 'delete',
    purpose: 'learning',
    use: 'knowing who may use a tool, and how many seats of a licence are taken',
  },
  requests: {
    tenant: { sees: ['school_id', 'provider_id'], writes: ['school_id', 'provider_id'] },
    people: { asked_by: 'author', decided_by: 'author' },
    keep: { for: 'P3Y', since: 'created_at' },
    erase: 'anonymise',
    purpose: 'learning',
    use: 'asking a provider for a licence, and accepting its offer',
  },
  warnings: { tenant: 'school_id' },
  seat_warnings: { tenant: 'school_id' },
};
