import { clientFor } from '@ilearn/ui';
import type { choiceRoutes } from './deep-linking/routes.js';
import type { selfRegistrationRoutes } from './dynamic-registration/routes.js';
import type { keyRoutes } from './keys/routes.js';
import type { toolStartRoutes } from './launches/start-routes.js';
import type { registrationRoutes } from './registrations/routes.js';
import type { traceRoutes } from './trace/routes.js';
import type { tryOutRoutes } from './try-outs/routes.js';

/** Typed client of this plugin's routes, for pages of this and other plugins. */
export const lti = clientFor<
  | typeof choiceRoutes
  | typeof toolStartRoutes
  | typeof keyRoutes
  | typeof registrationRoutes
  | typeof selfRegistrationRoutes
  | typeof traceRoutes
  | typeof tryOutRoutes
>('lti');
