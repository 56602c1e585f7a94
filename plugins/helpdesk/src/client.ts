import { clientFor } from '@ilearn/ui';
import type { serviceLevelsRoutes } from './service-levels/routes.js';
import type { ticketsRoutes } from './tickets/routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const helpdesk = clientFor<typeof ticketsRoutes | typeof serviceLevelsRoutes>('helpdesk');
