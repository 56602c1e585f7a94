import { definePlugin } from '@ilearn/core';
import { pluginRoutes } from './plugins/routes.js';
import { queueRoutes } from './queues/routes.js';

const permissions = {
  'operations:read': ['portal-administrator'],
  'operations:write': ['portal-administrator'],
};

declare module '@ilearn/core' {
  interface PluginRegistry {
    operations: { permissions: keyof typeof permissions };
  }
}

/** Pages for operators: plugins and queues. Has no data of its own. */
export default definePlugin({
  id: 'operations',
  version: '0.1.0',
  privileges: ['plugins', 'queues'],
  permissions,
  routes: [...pluginRoutes, ...queueRoutes],
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
      {
        path: '/beheer/modules',
        tag: 'operations-plugins-page',
        title: 'plugins.title',
        permission: 'operations:read',
        density: 'compact',
        nav: { icon: 'blocks', order: 96 },
      },
    ],
  },
});
