import { clientFor } from '@ilearn/ui';
import type { activityRoutes } from './activities/routes.js';
import type { curriculumRoutes } from './curriculum/routes.js';

/** What pages, ours and other plugins', ask of this plugin's routes. */
export const library = clientFor<typeof activityRoutes | typeof curriculumRoutes>('library');
