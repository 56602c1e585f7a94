import { clientFor } from '@ilearn/ui';
import type { accountRoutes } from './accounts/routes.js';
import type { badgeRoutes } from './badges/routes.js';
import type { factorRoutes } from './factors/own-routes.js';
import type { invitationRoutes } from './invitations/routes.js';
import type { invitationStartRoutes } from './invitations/start-routes.js';
import type { signInRoutes } from './sign-in/routes.js';
import type { stepRoutes } from './sign-in/step-routes.js';
import type { temporaryRoutes } from './temporary/routes.js';
import type { accountStartRoutes } from './temporary/start-routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const login = clientFor<
  | typeof accountRoutes
  | typeof accountStartRoutes
  | typeof invitationStartRoutes
  | typeof signInRoutes
  | typeof stepRoutes
  | typeof factorRoutes
  | typeof badgeRoutes
  | typeof temporaryRoutes
  | typeof invitationRoutes
>('login');
