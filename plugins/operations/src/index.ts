import { definePlugin } from '@ilearn/core';
import { firstStepsRoutes } from './first-steps/routes.js';
import { pluginRoutes } from './plugins/routes.js';
import { portalStartRoutes } from './plugins/start-routes.js';
import { queueRoutes } from './queues/routes.js';
import { settingsRoutes } from './settings/routes.js';

const permissions = {
  'operations:read': ['portal-administrator'],
  'operations:write': ['portal-administrator'],
  'settings:portal': ['portal-administrator'],
  'settings:tenant': ['ict-coordinator', 'principal', 'portal-administrator'],
};

declare module '@ilearn/core' {
  interface PluginRegistry {
    operations: { permissions: keyof typeof permissions };
  }
}

/** Pages to manage the portal or a tenant: plugins, queues and settings. Stores no data itself. */
export default definePlugin({
  id: 'operations',
  version: '0.1.0',
  // For names of schools on the settings page.
  optional: { directory: '^0.1.0' },
  privileges: ['plugins', 'queues', 'allSettings'],
  permissions,
  routes: [...firstStepsRoutes, ...portalStartRoutes, ...pluginRoutes, ...queueRoutes, ...settingsRoutes],
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/instellingen',
        tag: 'operations-tenant-settings',
        title: 'settings.tenantTitle',
        permission: 'settings:tenant',
        nav: { icon: 'settings', order: 85, section: 'school' },
      },
      {
        path: '/beheer/eerste-stappen',
        tag: 'operations-first-steps-page',
        title: 'firstSteps.title',
        permission: 'operations:read',
      },
      {
        path: '/beheer/instellingen',
        tag: 'operations-portal-settings',
        title: 'settings.portalTitle',
        permission: 'settings:portal',
        nav: { icon: 'sliders-horizontal', order: 94, section: 'portal' },
      },
      {
        path: '/beheer/wachtrijen',
        tag: 'operations-queues-page',
        title: 'queues.title',
        permission: 'operations:read',
        density: 'compact',
        nav: { icon: 'list-checks', order: 95, section: 'portal' },
      },
      {
        path: '/beheer/modules',
        tag: 'operations-plugins-page',
        title: 'plugins.title',
        permission: 'operations:read',
        density: 'compact',
        nav: { icon: 'blocks', order: 96, section: 'portal' },
      },
    ],
    slots: [{ slot: 'shell.start', tag: 'operations-start-portal', permission: 'operations:read', order: 10, loads: ['/start'] }],
  },
});
