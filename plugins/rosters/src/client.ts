import { clientFor } from '@ilearn/ui';
import type { connectionRoutes } from './connections/routes.js';
import type { runRoutes } from './runs/routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const rosters = clientFor<typeof connectionRoutes | typeof runRoutes>('rosters');
