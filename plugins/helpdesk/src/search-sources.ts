import { findTickets } from './tickets/ticket-routes.js';

/** What the search box finds of the helpdesk. */
export const searchSources = [
  {
    kind: 'tickets',
    messages: new URL('../messages/', import.meta.url),
    label: 'search.tickets',
    icon: 'life-buoy',
    order: 80,
    route: findTickets,
  },
];
