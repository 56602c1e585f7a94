import { clientFor } from '@ilearn/ui';
import type { accessionRoutes } from './accession/routes.js';
import type { demoAccountRoutes } from './demo-accounts/routes.js';
import type { deskRoutes } from './waiting-list/desk-routes.js';
import type { publicRoutes } from './waiting-list/public-routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const joining = clientFor<typeof publicRoutes | typeof deskRoutes | typeof accessionRoutes | typeof demoAccountRoutes>(
  'joining',
);
