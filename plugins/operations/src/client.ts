import { clientFor } from '@ilearn/ui';
import type { pluginRoutes } from './plugins/routes.js';
import type { queueRoutes } from './queues/routes.js';

/** What pages, ours and other plugins', ask of this plugin's routes. */
export const operations = clientFor<typeof pluginRoutes | typeof queueRoutes>('operations');
