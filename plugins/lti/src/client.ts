import { clientFor } from '@ilearn/ui';
import type { toolStartRoutes } from './launches/start-routes.js';
import type { registrationRoutes } from './registrations/routes.js';

/** Typed client of this plugin's routes, for pages of this and other plugins. */
export const lti = clientFor<typeof toolStartRoutes | typeof registrationRoutes>('lti');
