import { clientFor } from '@ilearn/ui';
import type { stewardRoutes } from './protocol/steward-routes.js';
import type { releaseRoutes } from './releases/routes.js';

/** Typed client of this plugin's routes. */
export const dataSpace = clientFor<typeof releaseRoutes | typeof stewardRoutes>('data-space');
