import { definePlugin } from '@ilearn/core';
import { queueRoutes } from './queues/routes.js';

/** What those who keep the portal running see of it. Holds no data of its own. */
export default definePlugin({
  id: 'operations',
  version: '0.1.0',
  privileges: ['queues'],
  permissions: {
    'operations:read': ['portal-administrator'],
    'operations:write': ['portal-administrator'],
  },
  routes: queueRoutes,
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/beheer/wachtrijen',
        tag: 'operations-queues-page',
        title: 'queues.title',
        permission: 'operations:read',
        density: 'compact',
        nav: { icon: 'list-checks', order: 95 },
      },
    ],
  },
});
