import { definePlugin } from '@ilearn/core';
import { erasureRoutes } from './erasures/routes.js';
import { privacyStartRoutes } from './erasures/start-routes.js';
import { notificationKinds, notifyOfExport } from './people/export-ready.js';
import { objectionRoutes } from './objections/routes.js';
import { peopleRoutes } from './people/routes.js';
import { registerRoutes } from './register/routes.js';
import { settings } from './settings.js';

import { restrictionRoutes } from './restrictions/routes.js';
import { statementRoutes } from './statement/routes.js';

const permissions = {
  'privacy:read': ['principal', 'portal-administrator'],
  'privacy:erase': ['portal-administrator'],
};

declare module '@ilearn/core' {
  interface PluginRegistry {
    privacy: { permissions: keyof typeof permissions };
  }
}

/**
 * Pages for those responsible for personal data: school principals for their school, portal administrators for all. Stores no data itself;
 * the kernel limits access to the caller's schools and audits it.
 */
export default definePlugin({
  id: 'privacy',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  optional: { notifications: '^0.1.0' },
  privileges: ['privacy'],
  permissions,
  settings,
  on: { 'kernel.export-ready': notifyOfExport },
  contributes: { 'notifications.kinds': notificationKinds },
  routes: [...peopleRoutes, ...erasureRoutes, ...privacyStartRoutes, ...registerRoutes, ...statementRoutes,
    ...objectionRoutes,
    ...restrictionRoutes,
  ],
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/beheer/privacy',
        tag: 'privacy-people-page',
        title: 'people.title',
        permission: 'privacy:read',
        nav: { icon: 'shield-check', order: 85 },
      },
      { path: '/beheer/privacy/personen/:id', tag: 'privacy-person-page', title: 'person.title', permission: 'privacy:read' },
      { path: '/beheer/privacy/register', tag: 'privacy-register-page', title: 'register.title', permission: 'privacy:read' },
      { path: '/privacy', tag: 'privacy-statement-page', title: 'statement.title', permission: 'public' },
      {
        path: '/mijn-gegevens',
        tag: 'privacy-own-page',
        title: 'own.title',
        permission: 'signed-in',
        nav: { icon: 'shield-check', order: 20, menu: 'person' },
      },
    ],
    slots: [
      { slot: 'directory.person', tag: 'privacy-person-link', permission: 'privacy:read', order: 80 },
      { slot: 'shell.start', tag: 'privacy-start-questions', permission: 'privacy:erase', order: 40, loads: ['/start'] },
    ],
  },
});
