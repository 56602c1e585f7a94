import { clientFor } from '@ilearn/ui';
import type { diaryRoutes } from './diary/routes.js';
import type { photoRoutes } from './photos/routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const agenda = clientFor<typeof diaryRoutes | typeof photoRoutes>('agenda');
