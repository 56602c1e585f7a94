import { clientFor } from '@ilearn/ui';
import type { registrationRoutes } from './registrations/routes.js';

/** What pages, ours and other plugins', ask of this plugin's routes. */
export const lti = clientFor<typeof registrationRoutes>('lti');
