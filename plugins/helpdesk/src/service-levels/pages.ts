import type { Page } from '@ilearn/core';

export const serviceLevelsPages: Page[] = [
  {
    path: '/helpdesk/afspraken',
    tag: 'helpdesk-service-levels-page',
    title: 'serviceLevels.title',
    permission: 'helpdesk:manage-service-levels',
  },
];
