import type { Page } from '@ilearn/core';

export const ticketsPages = [
  {
    path: '/helpdesk',
    tag: 'helpdesk-my-tickets-page',
    title: 'plugin.title',
    permission: 'helpdesk:follow',
    nav: { icon: 'life-buoy', order: 80, section: 'helpdesk' },
  },
  { path: '/helpdesk/vraag', tag: 'helpdesk-ask-page', title: 'tickets.ask.title', permission: 'helpdesk:follow' },
  { path: '/helpdesk/contact', tag: 'helpdesk-contact-page', title: 'tickets.contact.title', permission: 'public' },
  { path: '/helpdesk/ticket/:id', tag: 'helpdesk-ticket-page', title: 'tickets.one', permission: 'helpdesk:follow' },
  {
    path: '/helpdesk/wachtrij',
    tag: 'helpdesk-queue-page',
    title: 'tickets.queue.title',
    permission: 'helpdesk:handle',
    nav: { icon: 'inbox', order: 81, section: 'helpdesk' },
  },
  { path: '/helpdesk/aanbieder', tag: 'helpdesk-sides-page', title: 'tickets.sides.provided', permission: 'helpdesk:handle' },
  { path: '/helpdesk/aanbieder/:id', tag: 'helpdesk-sides-page', title: 'tickets.sides.provided', permission: 'helpdesk:handle' },
] as const satisfies Page[];
