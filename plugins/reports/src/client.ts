import { clientFor } from '@ilearn/ui';
import type { figureRoutes } from './figures/routes.js';

/** Typed client of this plugin's routes. */
export const reports = clientFor<typeof figureRoutes>('reports');
