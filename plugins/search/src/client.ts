import { clientFor } from '@ilearn/ui';
import type { commandRoutes } from './commands/routes.js';
import type { sourceRoutes } from './sources/routes.js';

/** Typed client of this plugin's routes. */
export const search = clientFor<typeof sourceRoutes | typeof commandRoutes>('search');
