import { definePlugin, type LifecycleInput } from '@ilearn/core';
import { preparePassword } from '@ilearn/plugin-login';
import { administrator, demoAccounts, demoPassword, providerAccounts } from './accounts.js';
import type { Cradle } from './cradle.js';
import { type DemoConfig, demoConfig } from './dependencies.js';
import { Doors } from './doors/doors.js';
import { doorRoutes } from './doors/routes.js';
import { events } from './events.js';
import { jobs } from './jobs.js';
import { isLoopback } from './loopback.js';
import { notificationKinds } from './notification-kinds.js';
import { isEmpty, isSeeded, seed } from './seed.js';
import { migrations, tables } from './tables.js';

export { administrator, demoAccounts, demoPassword, providerAccounts } from './accounts.js';

declare module '@ilearn/core' {
  interface PluginRegistry {
    demo: { events: typeof events };
  }
}

/**
 * Fills an empty portal with a demonstration: two schools, their people, learning paths with results of the last six weeks, and doors
 * through which visitors look around.
 */
export default definePlugin({
  id: 'demo',
  version: '0.1.0',
  requires: { directory: '^0.1.0', login: '^0.1.0', library: '^0.1.0', myway: '^0.1.0' },
  optional: { notifications: '^0.1.0' },
  // Doors sign visitors in; the school holidays are a setting of the portal.
  privileges: ['sessions', 'actAs', 'allSettings'],
  config: demoConfig,
  tables,
  migrations,
  services: { doors: Doors },
  events,
  contributes: { 'notifications.kinds': notificationKinds },
  routes: doorRoutes,
  jobs,
  async start({ work, config, portal, log, announce }: LifecycleInput<Cradle>) {
    const isPublic = !isLoopback(portal.url);
    if (isPublic && !(config as DemoConfig).allowPublic) {
      throw new Error(
        `demo: this portal is reached at ${portal.url}, and everyone knows the passwords of the demonstration accounts. ` +
          "Take '@ilearn/plugin-demo' out of ilearn.config.ts, or, if anyone may try this portal, give it { allowPublic: true }.",
      );
    }
    if (isPublic) log.warn({}, 'the demonstration is public: everyone can sign in as each of its people, also as administrator');
    if (await work(isEmpty)) {
      const password = await preparePassword(demoPassword);
      if (await work((services) => seed(services, password))) log.info({}, 'the demonstration school is in place');
    }
    if (await work(isSeeded)) for (const line of accountTable(portal.url)) announce(line);
  },
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [{ path: '/kijk', tag: 'demo-doors-page', title: 'doors.title', permission: 'public' }],
    slots: [{ slot: 'login.sign-in', tag: 'demo-doors-link', permission: 'public' }],
  },
});

function accountTable(url: string): string[] {
  const accounts = [...demoAccounts, administrator, ...providerAccounts];
  const width = Math.max(...accounts.map(({ username }) => username.length));
  return [
    '',
    `Look around without a password: ${url}/kijk`,
    '',
    `Demonstration accounts (password of each: ${demoPassword})`,
    ...accounts.map(({ username, role }) => `  ${username.padEnd(width)}  ${role}`),
  ];
}
