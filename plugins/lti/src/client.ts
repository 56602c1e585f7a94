import { clientFor } from '@ilearn/ui';
import type { registrationRoutes } from './registrations/routes.js';

/** Typed client of this plugin's routes, for pages of this and other plugins. */
export const lti = clientFor<typeof registrationRoutes>('lti');
