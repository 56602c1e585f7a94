import { definePlugin } from '@ilearn/core';
import { config } from './config.js';
import { events } from './events.js';
import type { NotificationsExports } from './exports.js';
import { Inbox } from './inbox/inbox.js';
import { live } from './inbox/live.js';
import { NotifyService } from './inbox/notify-service.js';
import { inboxRoutes } from './inbox/routes.js';
import { points } from './kinds/kind.js';
import { Kinds } from './kinds/kinds.js';
import { LetterKinds } from './kinds/letter-kinds.js';
import { LettersService } from './letters/letters-service.js';
import { Addresses } from './mail/addresses.js';
import { MailAttachments } from './mail/attachments.js';
import { Composer } from './mail/composer.js';
import { Delivery } from './mail/delivery.js';
import { jobs } from './mail/jobs.js';
import { unsubscribeRoutes } from './mail/routes.js';
import { Tokens } from './mail/tokens.js';
import { Outbox } from './outbox/outbox.js';
import { outboxRoutes } from './outbox/routes.js';
import { PreferencesService } from './preferences/preferences-service.js';
import { preferencesRoutes } from './preferences/routes.js';
import { settings } from './settings.js';
import { migrations, tables } from './tables.js';

export type * from './exports.js';

const permissions = { 'mail:manage': ['portal-administrator'] };

declare module '@ilearn/core' {
  interface PluginRegistry {
    notifications: {
      points: typeof points;
      events: typeof events;
      permissions: keyof typeof permissions;
      exports: NotificationsExports;
    };
  }
}

/** Tells people that there is something for them: in the portal, by e-mail, in digests. */
export default definePlugin({
  id: 'notifications',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  // For e-mail addresses, also of people whom the sender may not see; and for the links that stop e-mails.
  privileges: ['actAs', 'secrets'],
  config,
  settings,
  http: {
    purpose: 'sending e-mail',
    sends:
      'the e-mail address, that there is something to see in the portal, links such as that of an invitation, and files such as an entry for a calendar',
    sockets: 'SMTP to the mail server that the operator sets',
  },
  permissions,
  tables,
  migrations,
  services: {
    kinds: Kinds,
    notify: NotifyService,
    inbox: Inbox,
    addresses: Addresses,
    attachments: MailAttachments,
    tokens: Tokens,
    composer: Composer,
    delivery: Delivery,
    preferences: PreferencesService,
    outbox: Outbox,
    letterKinds: LetterKinds,
    letters: LettersService,
  },
  exports: { services: ['notify', 'letters', 'attachments'] },
  events,
  points,
  routes: [...inboxRoutes, ...preferencesRoutes, ...unsubscribeRoutes, ...outboxRoutes],
  jobs,
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
      {
        path: '/meldingen/voorkeuren',
        tag: 'notifications-preferences-page',
        title: 'preferences.title',
        permission: 'signed-in',
      },
      { path: '/meldingen/afmelden', tag: 'notifications-unsubscribe-page', title: 'unsubscribe.title', permission: 'public' },
      {
        path: '/beheer/uitgaande-mail',
        tag: 'notifications-outbox-page',
        title: 'outbox.title',
        permission: 'mail:manage',
        density: 'compact',
        nav: { icon: 'mail', order: 97, section: 'portal' },
      },
    ],
    slots: [{ slot: 'shell.actions', tag: 'notifications-bell', permission: 'signed-in' }],
  },
});
