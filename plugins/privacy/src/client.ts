import { clientFor } from '@ilearn/ui';
import type { agreementRoutes } from './agreements/routes.js';
import type { ownConsentRoutes } from './consents/own-routes.js';
import type { parentConsentRoutes } from './consents/parent-routes.js';
import type { schoolConsentRoutes } from './consents/school-routes.js';
import type { erasureRoutes } from './erasures/routes.js';
import type { privacyStartRoutes } from './erasures/start-routes.js';
import type { nameRoutes } from './free-text/routes.js';
import type { incidentRoutes } from './incidents/routes.js';
import type { objectionRoutes } from './objections/routes.js';
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
  | typeof agreementRoutes
  | typeof ownConsentRoutes
  | typeof parentConsentRoutes
  | typeof schoolConsentRoutes
  | typeof erasureRoutes
  | typeof privacyStartRoutes
  | typeof incidentRoutes
  | typeof objectionRoutes
  | typeof ownRoutes
  | typeof peopleRoutes
  | typeof registerRoutes
  | typeof releasedRoutes
  | typeof requestDeskRoutes
  | typeof ownRequestRoutes
  | typeof restrictionRoutes
  | typeof statementRoutes
  | typeof whoSeesWhatRoutes;
  | typeof ownRoutes
  | typeof incidentRoutes
  | typeof nameRoutes
  | typeof releasedRoutes;

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const privacy = clientFor<Routes>('privacy');
