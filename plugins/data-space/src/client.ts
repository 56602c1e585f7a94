import { clientFor } from '@ilearn/ui';
import type { stewardRoutes } from './protocol/steward-routes.js';
import type { releaseRoutes } from './releases/routes.js';
import type { ownStudyRoutes } from './studies/own-routes.js';
import type { schoolStudyRoutes } from './studies/school-routes.js';
import type { studyRoutes } from './studies/steward-routes.js';

/** Typed client of this plugin's routes. */
export const dataSpace = clientFor<
  typeof releaseRoutes | typeof stewardRoutes | typeof studyRoutes | typeof schoolStudyRoutes | typeof ownStudyRoutes
>('data-space');
