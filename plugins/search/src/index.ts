import { definePlugin } from '@ilearn/core';
import { commandRoutes } from './commands/routes.js';
import { points } from './points.js';
import { sourceRoutes } from './sources/routes.js';

declare module '@ilearn/core' {
  interface PluginRegistry {
    search: { points: typeof points };
  }
}

/**
 * One search box in the bar. Plugins contribute what can be found; each source is a route of its plugin, which the page calls by itself. So
 * the kernel checks permission, tenants and time limit of each, a slow or failing source stops no other, and results appear as they arrive.
 * One answer for all sources would need one unit of work, in which they would wait for each other and share their failures.
 */
export default definePlugin({
  id: 'search',
  version: '0.1.0',
  points,
  routes: [...sourceRoutes, ...commandRoutes],
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    slots: [{ slot: 'shell.actions', tag: 'search-button', permission: 'signed-in', order: 10 }],
  },
});
