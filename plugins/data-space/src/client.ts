import { clientFor } from '@ilearn/ui';
import type { releaseRoutes } from './releases/routes.js';

/** Typed client of this plugin's routes. */
export const dataSpace = clientFor<typeof releaseRoutes>('data-space');
