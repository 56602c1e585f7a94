import type { Page } from '@ilearn/core';

export const serviceLevelsPages = [
  {
    path: '/helpdesk/afspraken',
    tag: 'helpdesk-service-levels-page',
    title: 'serviceLevels.title',
    permission: 'helpdesk:manage-service-levels',
  },
] as const satisfies Page[];
