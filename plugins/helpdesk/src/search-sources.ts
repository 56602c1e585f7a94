import { findTickets } from './tickets/ticket-routes.js';

const messages = new URL('../messages/', import.meta.url);

/** What the search box finds of the helpdesk. */
export const searchSources = [
  {
    kind: 'tickets',
    messages,
    label: 'search.tickets',
    icon: 'life-buoy',
    order: 80,
    route: findTickets,
  },
];

/** What it lets people do. */
export const searchCommands = [
  {
    kind: 'page-help',
    messages,
    label: 'search.pageHelp',
    words: 'search.pageHelpWords',
    icon: 'life-buoy',
    permission: 'signed-in',
    place: '/hulp',
    aboutPage: true as const,
    order: 10,
  },
];

/** Keys of the queue. */
export const searchShortcuts = (
  [
    ['j', 'down'],
    ['k', 'up'],
    ['p', 'preview'],
    ['x', 'choose'],
    ['o', 'open'],
  ] as const
).map(([key, label], order) => ({
  messages,
  label: `search.keys.${label}`,
  keys: [key],
  page: '/helpdesk/wachtrij',
  permission: 'helpdesk:handle',
  order,
}));
