import { clientFor } from '@ilearn/ui';
import type { firstStepsRoutes } from './first-steps/routes.js';
import type { pluginRoutes } from './plugins/routes.js';
import type { portalStartRoutes } from './plugins/start-routes.js';
import type { queueRoutes } from './queues/routes.js';
import type { settingsRoutes } from './settings/routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const operations = clientFor<
  typeof firstStepsRoutes | typeof portalStartRoutes | typeof pluginRoutes | typeof queueRoutes | typeof settingsRoutes
>('operations');
