import { clientFor } from '@ilearn/ui';
import type { grantRoutes } from './grants/routes.js';
import type { planRoutes } from './plans/routes.js';
import type { requestRoutes } from './requests/routes.js';
import type { schoolRoutes } from './school/routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const licences = clientFor<typeof planRoutes | typeof grantRoutes | typeof schoolRoutes | typeof requestRoutes>(
  'licences',
);
