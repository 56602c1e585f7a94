import { clientFor } from '@ilearn/ui';
import type { inboxRoutes } from './inbox/routes.js';
import type { unsubscribeRoutes } from './mail/routes.js';
import type { outboxRoutes } from './outbox/routes.js';
import type { preferencesRoutes } from './preferences/routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const notifications = clientFor<
  typeof inboxRoutes | typeof preferencesRoutes | typeof unsubscribeRoutes | typeof outboxRoutes
>('notifications');
