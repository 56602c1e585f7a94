import { clientFor } from '@ilearn/ui';
import type { assignmentRoutes } from './assignments/routes.js';
import type { classRoutes } from './classes/routes.js';
import type { pathRoutes } from './paths/routes.js';
import type { progressRoutes } from './progress/routes.js';
import type { trailRoutes } from './trail/routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const myway = clientFor<
  typeof assignmentRoutes | typeof classRoutes | typeof pathRoutes | typeof progressRoutes | typeof trailRoutes
>('myway');
