import type { TableDeclaration } from '@ilearn/core';

export const serviceLevelsTables: Record<string, TableDeclaration> = {
  service_levels: {
    tenant: { none: 'The portal promises the same to everybody.' },
    notPeople: { hours: 'opening hours' },
  },
  ticket_segments: { tenant: { sees: ['school_id', 'provider_id'], writes: ['school_id', 'provider_id'] } },
};
