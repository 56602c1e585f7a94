import { definePlugin } from '@ilearn/core';
import { routes } from './routes.js';

const permissions = { 'time:read': ['pupil', 'teacher'] };

/** What other plugins may use of this one, for the compiler; `definePlugin` checks that it is so. */
declare module '@ilearn/core' {
  interface PluginRegistry {
    sample: { permissions: keyof typeof permissions };
  }
}

/** The table of contents: whoever opens this file knows what the plugin adds to a portal. */
export default definePlugin({
  id: 'sample',
  version: '0.1.0',
  permissions,
  routes,
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/sample',
        tag: 'sample-page',
        title: 'page.title',
        permission: 'time:read',
        nav: { icon: 'clock', order: 50 },
      },
    ],
  },
});
