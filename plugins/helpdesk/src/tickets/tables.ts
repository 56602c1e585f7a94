import type { TableDeclaration } from '@ilearn/core';

/** The school of whoever asked, and the provider with whom it is; either may be null. Portal agents act for all tenants. */
const between = { sees: ['school_id', 'provider_id'], writes: ['school_id', 'provider_id'] };

export const ticketsTables: Record<string, TableDeclaration> = {
  tickets: {
    tenant: between,
    people: { requester_id: 'subject', owner_id: 'contact' },
    keep: 'P3Y',
    erase: 'anonymise',
    clear: ['requester_name', 'requester_email'],
    purpose: 'support',
    use: 'answering a question to the helpdesk',
  },
  ticket_messages: {
    tenant: between,
    people: { author_id: 'author' },
    keep: { with: 'tickets' },
    erase: 'anonymise',
    clear: ['text', 'author_name', 'author_email'],
    purpose: 'support',
    use: 'letting those who take part in a ticket read what was said',
  },
  ticket_participants: {
    tenant: between,
    people: { person_id: 'subject' },
    keep: { with: 'tickets' },
    erase: 'delete',
    purpose: 'support',
    use: 'letting a colleague follow a ticket',
  },
  ticket_steps: {
    tenant: between,
    people: { by_id: 'author' },
    keep: { with: 'tickets' },
    erase: 'anonymise',
    purpose: 'support',
    use: 'showing what happened to a ticket',
  },
  ticket_links: { tenant: between },
  ticket_sides: {
    tenant: between,
    people: { by_id: 'author' },
    notPeople: { lines: 'steps of a launch, without tokens and names' },
    keep: { with: 'tickets' },
    erase: 'anonymise',
    purpose: 'support',
    use: 'asking a provider, apart from whoever asked the helpdesk',
  },
  ticket_traces: {
    tenant: between,
    notPeople: { lines: 'steps of a launch, without tokens and names' },
    keep: { for: 'P90D', since: 'happened_at' },
  },
  ticket_attachments: { tenant: between },
  ticket_words: {
    tenant: { none: 'Words in which tickets are searched. What is found is read from the tickets, which the database limits.' },
  },
  ticket_drafts: {
    tenant: between,
    people: { author_id: 'author' },
    keep: 'P30D',
    erase: 'delete',
    purpose: 'support',
    use: 'keeping an answer that is not sent yet',
  },
  ticket_presence: {
    tenant: between,
    people: { person_id: 'subject' },
    keep: { with: 'tickets' },
    erase: 'delete',
    purpose: 'support',
    use: 'warning helpers who answer the same ticket at the same time',
  },
  ticket_views: {
    tenant: { none: 'A saved view is of one helper, and holds only what to search for.' },
    people: { owner_id: 'author' },
    keep: 'P3Y',
    erase: 'delete',
    purpose: 'support',
    use: 'keeping the views of the queue that a helper made',
  },
  ticket_macros: { tenant: { column: 'tenant_id', nullMeansShared: true } },
  ticket_surveys: {
    tenant: between,
    people: { by_id: 'author' },
    keep: { with: 'tickets' },
    erase: 'anonymise',
    clear: ['remark'],
    purpose: 'improvement',
    use: 'knowing whether a solution helped',
  },
  form_throttles: {
    tenant: { none: 'Counts questions, searches and voices by a keyed hash for an hour; holds no name and no address.' },
  },
};
