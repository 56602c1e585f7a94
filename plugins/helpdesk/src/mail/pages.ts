import type { Page } from '@ilearn/core';

export const mailPages: Page[] = [
  {
    path: '/helpdesk/post',
    tag: 'helpdesk-mail-page',
    title: 'mail.desk.title',
    permission: 'helpdesk:manage-mail',
    density: 'compact',
  },
];

export const mailSlots = [
  { slot: 'shell.start', tag: 'helpdesk-start-mail', permission: 'helpdesk:manage-mail', order: 20 },
] as const;
