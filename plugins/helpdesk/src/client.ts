import { clientFor } from '@ilearn/ui';
import type { knowledgeRoutes } from './knowledge/routes.js';
import type { mailRoutes } from './mail/routes.js';
import type { outagesRoutes } from './outages/routes.js';
import type { serviceLevelsRoutes } from './service-levels/routes.js';
import type { ticketsRoutes } from './tickets/routes.js';
import type { wishesRoutes } from './wishes/routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const helpdesk = clientFor<
  | typeof ticketsRoutes
  | typeof serviceLevelsRoutes
  | typeof mailRoutes
  | typeof knowledgeRoutes
  | typeof outagesRoutes
  | typeof wishesRoutes
>('helpdesk');
