import { clientFor } from '@ilearn/ui';
import type { classRoutes } from './classes/routes.js';
import type { importRoutes } from './oneroster/routes.js';
import type { peopleRoutes } from './people/routes.js';
import type { providerRoutes } from './providers/routes.js';
import type { schoolRoutes } from './schools/routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const directory = clientFor<
  typeof classRoutes | typeof importRoutes | typeof peopleRoutes | typeof providerRoutes | typeof schoolRoutes
>('directory');
