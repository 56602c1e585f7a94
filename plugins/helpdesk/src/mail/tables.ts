import type { TableDeclaration } from '@ilearn/core';

const byTicket = {
  none: 'Whoever may see its ticket may see it; the routes ask the ticket. Those without a ticket are for helpers of the portal.',
};

export const mailTables: Record<string, TableDeclaration> = {
  mailboxes: { tenant: { none: 'How far each mailbox of the helpdesk was read; holds nothing of any tenant.' } },
  received_mails: {
    tenant: byTicket,
    people: { sender_id: 'author' },
    notPeople: {
      ruling: 'what a helper decided: a ticket, or a new one',
      withheld: 'names, types and sizes of attachments that are in the mail as it came alone',
    },
    keep: 'P1Y',
    erase: 'delete',
    purpose: 'support',
    use: 'answering what is asked by e-mail',
  },
  sent_mails: {
    tenant: byTicket,
    people: { person_id: 'subject' },
    keep: 'P1Y',
    erase: 'delete',
    purpose: 'support',
    use: 'answering by e-mail, and knowing whether the answer arrived',
    recipients: ['the mail server of the helpdesk: the e-mail address and the answer'],
  },
  muted_addresses: {
    tenant: { none: 'A keyed hash of an address that refuses e-mail, of no use to anybody.' },
  },
};

/** Mails as they came: compressed, encrypted, and kept for a shorter time than tickets. */
export const mailFiles = {
  raw_mails: {
    tenant: { none: 'A mail belongs to a ticket, or waits for a helper of the portal.' },
    people: { sender_id: 'author' },
    keep: 'P180D',
    erase: 'delete',
    purpose: 'support',
    use: 'showing a mail as it came when reading it went wrong',
    types: ['application/gzip'],
    maxBytes: 30 * 1024 * 1024,
    encrypt: true,
  },
} as const;
