import { clientFor } from '@ilearn/ui';
import type { accountRoutes } from './accounts/routes.js';
import type { invitationRoutes } from './invitations/routes.js';
import type { signInRoutes } from './sign-in/routes.js';
import type { temporaryRoutes } from './temporary/routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const login = clientFor<typeof accountRoutes | typeof signInRoutes | typeof temporaryRoutes | typeof invitationRoutes>(
  'login',
);
