import { definePlugin } from '@ilearn/core';
import { routes } from './routes.js';

/** Uses the agenda's exported service, its permission, its live topic and its slot. It has no tables. */
export default definePlugin({
  id: 'agenda-load',
  version: '0.1.0',
  requires: { agenda: '^0.1.0' },
  routes,
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    slots: [{ slot: 'agenda.week', tag: 'agenda-load-chart', permission: 'homework:read' }],
  },
});
