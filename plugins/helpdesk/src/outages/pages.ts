import type { PageDocument } from '@ilearn/core';

export const outagesPages = [
  {
    path: '/helpdesk/storingen',
    tag: 'helpdesk-outages-page',
    title: 'outages.title',
    permission: 'helpdesk:manage-outages',
    nav: { icon: 'activity', order: 83, section: 'helpdesk' },
  },
] as const;

export const outagesDocuments: PageDocument[] = [{ path: '/status', route: '/status' }];
