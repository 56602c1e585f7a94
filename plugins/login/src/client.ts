import { clientFor } from '@ilearn/ui';
import type { signInRoutes } from './sign-in/routes.js';
import type { temporaryRoutes } from './temporary/routes.js';

/** What pages, ours and other plugins', ask of this plugin's routes. */
export const login = clientFor<typeof signInRoutes | typeof temporaryRoutes>('login');
