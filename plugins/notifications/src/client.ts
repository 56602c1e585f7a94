import { clientFor } from '@ilearn/ui';
import type { inboxRoutes } from './inbox/routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const notifications = clientFor<typeof inboxRoutes>('notifications');
