import { clientFor } from '@ilearn/ui';
import type { assignmentRoutes } from './assignments/routes.js';
import type { classRoutes } from './classes/routes.js';
import type { pathRoutes } from './paths/routes.js';
import type { versionRoutes } from './paths/version-routes.js';
import type { progressRoutes } from './progress/routes.js';
import type { startRoutes } from './progress/start-routes.js';
import type { publishingRoutes } from './publishing/routes.js';
import type { replacementRoutes } from './replacements/routes.js';
import type { trailRoutes } from './trail/routes.js';
import type { pupilStartRoutes } from './trail/start-routes.js';
import type { stepLaunchRoutes } from './trail/step-launch-routes.js';
import type { transferRoutes } from './transfer/routes.js';
import type { workRoutes } from './work/routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const myway = clientFor<
  | typeof assignmentRoutes
  | typeof classRoutes
  | typeof startRoutes
  | typeof pupilStartRoutes
  | typeof pathRoutes
  | typeof progressRoutes
  | typeof stepLaunchRoutes
  | typeof trailRoutes
  | typeof replacementRoutes
  | typeof publishingRoutes
  | typeof transferRoutes
  | typeof versionRoutes
  | typeof workRoutes
>('myway');
