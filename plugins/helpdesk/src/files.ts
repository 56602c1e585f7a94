import { mailFiles } from './mail/tables.js';

const megabyte = 1024 * 1024;

/** Files with messages. Whoever may read the message may have them: `ticket_attachments` has its tenants. */
export const files = {
  attachments: {
    tenant: { none: 'A file belongs to its message, which says for which school and provider it is.' },
    people: { owner_id: 'author' },
    keep: 'P3Y',
    erase: 'delete',
    purpose: 'support',
    use: 'showing the helpdesk what goes wrong',
    types: ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'application/pdf', 'text/plain', 'text/csv'],
    maxBytes: 10 * megabyte,
    encrypt: true,
  },
  ...mailFiles,
  pictures: {
    tenant: { none: 'Pictures of articles are for the audience of their article, which the reader checks.' },
    types: ['image/jpeg', 'image/png', 'image/webp', 'image/gif'],
    maxBytes: 5 * megabyte,
  },
} as const;
