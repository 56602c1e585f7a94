import { clientFor } from '@ilearn/ui';
import type { classRoutes } from './classes/routes.js';
import type { startClassRoutes } from './classes/start-routes.js';
import type { keyRoutes } from './keys/routes.js';
import type { importRoutes } from './oneroster/routes.js';
import type { peopleRoutes } from './people/routes.js';
import type { providerRoutes } from './providers/routes.js';
import type { startProviderRoutes } from './providers/start-routes.js';
import type { rolloverRoutes } from './rollover/routes.js';
import type { schoolRoutes } from './schools/routes.js';
import type { startSchoolRoutes } from './schools/start-routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const directory = clientFor<
  | typeof startClassRoutes
  | typeof startProviderRoutes
  | typeof startSchoolRoutes
  | typeof classRoutes
  | typeof importRoutes
  | typeof keyRoutes
  | typeof peopleRoutes
  | typeof providerRoutes
  | typeof rolloverRoutes
  | typeof schoolRoutes
>('directory');
