import { clientFor } from '@ilearn/ui';
import type { ownConsentRoutes } from './consents/own-routes.js';
import type { parentConsentRoutes } from './consents/parent-routes.js';
import type { schoolConsentRoutes } from './consents/school-routes.js';
import type { agreementRoutes } from './agreements/routes.js';
import type { erasureRoutes } from './erasures/routes.js';
import type { privacyStartRoutes } from './erasures/start-routes.js';
import type { objectionRoutes } from './objections/routes.js';
import type { incidentRoutes } from './incidents/routes.js';
import type { ownRoutes } from './own/routes.js';
import type { peopleRoutes } from './people/routes.js';
import type { registerRoutes } from './register/routes.js';
import type { releasedRoutes } from './released/routes.js';
import type { requestDeskRoutes } from './requests/desk-routes.js';
import type { ownRequestRoutes } from './requests/own-routes.js';
import type { restrictionRoutes } from './restrictions/routes.js';
import type { statementRoutes } from './statement/routes.js';
import type { whoSeesWhatRoutes } from './who-sees-what/routes.js';

type Routes =
  | typeof privacyStartRoutes
  | typeof erasureRoutes
  | typeof peopleRoutes
  | typeof registerRoutes
  | typeof statementRoutes
  | typeof objectionRoutes
  | typeof restrictionRoutes
  | typeof ownConsentRoutes
  | typeof schoolConsentRoutes
  | typeof parentConsentRoutes
  | typeof requestDeskRoutes
  | typeof ownRequestRoutes
  | typeof ownRoutes
  | typeof incidentRoutes
  | typeof releasedRoutes;
  | typeof whoSeesWhatRoutes;
  | typeof whoSeesWhatRoutes
  | typeof agreementRoutes;

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const privacy = clientFor<Routes>('privacy');
