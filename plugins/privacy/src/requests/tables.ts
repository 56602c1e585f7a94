import type { TableDeclaration } from '@ilearn/core';

/** The school that answers, or nobody's: then the operator does, who acts for all tenants. */
const answering = { sees: ['school_id'], writes: ['school_id'] };

export const requestsTables: Record<string, TableDeclaration> = {
  requests: {
    tenant: answering,
    // A restriction of the person's data does not keep their requests from being answered.
    people: { person_id: 'contact' },
    keep: { for: 'P5Y', since: 'closed_at' },
    erase: 'anonymise',
    clear: ['details', 'asker_name', 'asker_contact', 'identity_how', 'reason', 'answer', 'wanted', 'roster_value'],
    purpose: 'rights-of-people',
    use: 'answering requests about personal data, and proving it',
  },
  request_steps: {
    tenant: answering,
    people: { by_id: 'author' },
    keep: { with: 'requests' },
    erase: 'anonymise',
    purpose: 'rights-of-people',
    use: 'proving how requests about personal data were answered',
  },
  request_letters: {
    tenant: answering,
    people: { person_id: 'contact' },
    keep: { with: 'requests' },
    erase: 'delete',
    purpose: 'rights-of-people',
    use: 'keeping the letters about a request',
  },
};
