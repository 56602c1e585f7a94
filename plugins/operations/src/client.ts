import { clientFor } from '@ilearn/ui';
import type { pluginRoutes } from './plugins/routes.js';
import type { queueRoutes } from './queues/routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const operations = clientFor<typeof pluginRoutes | typeof queueRoutes>('operations');
