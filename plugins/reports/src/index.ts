import { definePlugin } from '@ilearn/core';
import type {} from '@ilearn/plugin-cube';
import { Figures } from './figures/figures.js';
import { figureRoutes } from './figures/routes.js';

const permissions = { 'report:read': ['principal', 'ict-coordinator', 'portal-administrator'] };

declare module '@ilearn/core' {
  interface PluginRegistry {
    reports: { permissions: keyof typeof permissions };
  }
}

/**
 * Figures about the use of the portal, for the public, school groups, schools and providers. It stores nothing, and its database role reads
 * only what the plugin `cube` published.
 */
export default definePlugin({
  id: 'reports',
  version: '0.1.0',
  requires: { cube: '^0.1.0' },
  optional: { lti: '^0.1.0' },
  permissions,
  services: { figures: Figures },
  routes: figureRoutes,
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      { path: '/cijfers', tag: 'reports-public-page', title: 'public.title', permission: 'public' },
      { path: '/cijfers/programma', tag: 'reports-tool-page', title: 'tool.title', permission: 'public' },
      {
        path: '/cijfers/school',
        tag: 'reports-school-page',
        title: 'school.title',
        permission: 'report:read',
        nav: { icon: 'chart-column', order: 82, label: 'plugin.title', section: 'school' },
      },
    ],
    slots: [{ slot: 'shell.footer', tag: 'reports-footer-link', permission: 'public' }],
  },
});
