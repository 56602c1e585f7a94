import { clientFor } from '@ilearn/ui';
import type { doorRoutes } from './doors/routes.js';

/** Typed client of this plugin's routes, for its pages. */
export const demo = clientFor<typeof doorRoutes>('demo');
