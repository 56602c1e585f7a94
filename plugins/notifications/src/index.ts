import { definePlugin } from '@ilearn/core';
import { config } from './config.js';
import type { NotificationsExports } from './exports.js';
import { Inbox } from './inbox/inbox.js';
import { live } from './inbox/live.js';
import { NotifyService } from './inbox/notify-service.js';
import { inboxRoutes } from './inbox/routes.js';
import { points } from './kinds/kind.js';
import { Kinds } from './kinds/kinds.js';
import { migrations, tables } from './tables.js';

export type * from './exports.js';

declare module '@ilearn/core' {
  interface PluginRegistry {
    notifications: { points: typeof points; exports: NotificationsExports };
  }
}

/** Tells people that there is something for them: in the portal, by e-mail, in digests. */
export default definePlugin({
  id: 'notifications',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  config,
  tables,
  migrations,
  services: { kinds: Kinds, notify: NotifyService, inbox: Inbox },
  exports: { services: ['notify'] },
  points,
  routes: [...inboxRoutes],
  live,
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/meldingen',
        tag: 'notifications-inbox-page',
        title: 'inbox.title',
        permission: 'signed-in',
        nav: { icon: 'bell', order: 5, menu: 'person' },
      },
    ],
    slots: [{ slot: 'shell.actions', tag: 'notifications-bell', permission: 'signed-in' }],
  },
});
