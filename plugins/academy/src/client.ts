import { clientFor } from '@ilearn/ui';
import type { calendarRoutes } from './calendar/routes.js';
import type { certificateRoutes } from './certificates/routes.js';
import type { coachingRoutes } from './coaching/routes.js';
import type { enrolmentRoutes } from './enrolments/routes.js';
import type { evaluationRoutes } from './evaluations/routes.js';
import type { eventRoutes } from './events/routes.js';
import type { selfPacedRoutes } from './self-paced/routes.js';
import type { startRoutes } from './start/routes.js';
import type { trainingRoutes } from './trainings/routes.js';
import type { suggestionRoutes } from './trainings/suggestion-routes.js';

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const academy = clientFor<
  | typeof trainingRoutes
  | typeof eventRoutes
  | typeof enrolmentRoutes
  | typeof calendarRoutes
  | typeof coachingRoutes
  | typeof certificateRoutes
  | typeof evaluationRoutes
  | typeof startRoutes
  | typeof suggestionRoutes
  | typeof selfPacedRoutes
>('academy');
