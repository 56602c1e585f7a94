import { definePlugin } from '@ilearn/core';
import { Connections } from './connections/connections.js';
import { connectionRoutes } from './connections/routes.js';
import { erase } from './erase.js';
import { notificationKinds } from './notification-kinds.js';
import { jobs } from './runs/jobs.js';
import { live } from './runs/live.js';
import { RunPages } from './runs/pages.js';
import { Reading } from './runs/reading.js';
import { runRoutes } from './runs/routes.js';
import { Runs } from './runs/runs.js';
import { Taking } from './runs/taking.js';
import { migrations, tables } from './tables.js';

const permissions = { 'roster:connect': ['ict-coordinator', 'portal-administrator'] };

declare module '@ilearn/core' {
  interface PluginRegistry {
    rosters: { permissions: keyof typeof permissions };
  }
}

/** Takes over the people and classes of schools from their own systems, by OneRoster REST. */
export default definePlugin({
  id: 'rosters',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  optional: { notifications: '^0.1.0', 'sign-in-oidc': '^0.1.0' },
  // To tell the ICT coordinators of a school what waits for them.
  privileges: ['access', 'secrets'],
  http: {
    named: 'each school says where its own system is',
    operator: 'systems of schools in a private network',
    purpose: 'taking over people and classes from the system of a school',
    sends: 'no data about people',
  },
  permissions,
  tables,
  migrations,
  privacy: { erase },
  live,
  services: { connections: Connections, runs: Runs, runPages: RunPages, reading: Reading, taking: Taking },
  contributes: { 'notifications.kinds': notificationKinds },
  routes: [...connectionRoutes, ...runRoutes],
  jobs,
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/leerlinggegevens',
        tag: 'rosters-page',
        title: 'page.title',
        permission: 'roster:connect',
        nav: { icon: 'refresh-cw', order: 81, section: 'school' },
      },
    ],
  },
});
