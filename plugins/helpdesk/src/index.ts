import { definePlugin } from '@ilearn/core';
import { knowledgePages } from './knowledge/pages.js';
import { knowledgeRoutes } from './knowledge/routes.js';
import { mailPages } from './mail/pages.js';
import { mailRoutes } from './mail/routes.js';
import { migrations } from './migrations.js';
import { outagesPages } from './outages/pages.js';
import { outagesRoutes } from './outages/routes.js';
import { permissions } from './permissions.js';
import { serviceLevelsPages } from './service-levels/pages.js';
import { serviceLevelsRoutes } from './service-levels/routes.js';
import { tables } from './tables.js';
import { ticketsPages } from './tickets/pages.js';
import { ticketsRoutes } from './tickets/routes.js';
import { wishesPages } from './wishes/pages.js';
import { wishesRoutes } from './wishes/routes.js';

declare module '@ilearn/core' {
  interface PluginRegistry {
    helpdesk: { permissions: keyof typeof permissions };
  }
}

/** The helpdesk: tickets, e-mail, a knowledge base, outages, and wishes that are handed on. */
export default definePlugin({
  id: 'helpdesk',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  optional: { notifications: '^0.1.0', lti: '^0.1.0', library: '^0.1.0', search: '^0.1.0', demo: '^0.1.0' },
  permissions,
  tables,
  migrations,
  services: {},
  routes: [...ticketsRoutes, ...serviceLevelsRoutes, ...mailRoutes, ...knowledgeRoutes, ...outagesRoutes, ...wishesRoutes],
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [...ticketsPages, ...serviceLevelsPages, ...mailPages, ...knowledgePages, ...outagesPages, ...wishesPages],
  },
});
