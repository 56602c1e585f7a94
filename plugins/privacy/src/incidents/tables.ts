import type { TableDeclaration } from '@ilearn/core';

/** The school that answers for the data, or nobody's: then the operator does. */
const answering = { sees: ['school_id'], writes: ['school_id'] };

export const incidentsTables: Record<string, TableDeclaration> = {
  incidents: { tenant: answering, keep: { for: 'P5Y', since: 'closed_at' } },
  incident_people: {
    tenant: answering,
    people: { person_id: 'subject' },
    keep: { with: 'incidents' },
    erase: 'delete',
    purpose: 'safe-environment',
    use: 'telling people about an incident that concerns their data',
  },
  incident_schools: { tenant: 'school_id', keep: { with: 'incidents' } },
  incident_steps: {
    tenant: answering,
    people: { by_id: 'author' },
    keep: { with: 'incidents' },
    erase: 'anonymise',
    purpose: 'safe-environment',
    use: 'proving how an incident was dealt with',
  },
};
