import { clientFor } from '@ilearn/ui';
import type { activityRoutes } from './activities/routes.js';
import type { cartridgeRoutes } from './cartridges/routes.js';
import type { colleagueRoutes } from './colleagues/routes.js';
import type { toolRoutes } from './connectors/routes.js';
import type { curriculumRoutes } from './curriculum/routes.js';
import type { linkRoutes } from './links/routes.js';
import type { materialRoutes } from './materials/routes.js';
import type { providedRoutes } from './provided/routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const library = clientFor<
  | typeof activityRoutes
  | typeof cartridgeRoutes
  | typeof colleagueRoutes
  | typeof curriculumRoutes
  | typeof linkRoutes
  | typeof materialRoutes
  | typeof providedRoutes
  | typeof toolRoutes
>('library');
