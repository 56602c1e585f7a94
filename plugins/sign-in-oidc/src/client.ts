import { clientFor } from '@ilearn/ui';
import type { flowRoutes } from './flows/routes.js';
import type { identityRoutes } from './identities/routes.js';
import type { schoolRoutes } from './schools/routes.js';
import type { waitingRoutes } from './waiting/routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const signIn = clientFor<typeof flowRoutes | typeof identityRoutes | typeof schoolRoutes | typeof waitingRoutes>(
  'sign-in-oidc',
);
