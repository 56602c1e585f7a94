import { clientFor } from '@ilearn/ui';
import type { agreementRoutes } from './agreements/routes.js';
import type { assessmentRoutes } from './assessment/routes.js';
import type { ownConsentRoutes } from './consents/own-routes.js';
import type { parentConsentRoutes } from './consents/parent-routes.js';
import type { schoolConsentRoutes } from './consents/school-routes.js';
import type { erasureRoutes } from './erasures/routes.js';
import type { privacyStartRoutes } from './erasures/start-routes.js';
import type { nameRoutes } from './free-text/routes.js';
import type { incidentRoutes } from './incidents/routes.js';
import type { toldRoutes } from './incidents/told-routes.js';
import type { objectionRoutes } from './objections/routes.js';
import type { ownRoutes } from './own/routes.js';
import type { peopleRoutes } from './people/routes.js';
import type { registerRoutes } from './register/routes.js';
import type { releasedRoutes } from './released/routes.js';
import type { correctionRoutes } from './requests/correction-routes.js';
import type { requestDeskRoutes } from './requests/desk-routes.js';
import type { ownRequestRoutes } from './requests/own-routes.js';
import type { restrictionRoutes } from './restrictions/routes.js';
import type { statementRoutes } from './statement/routes.js';
import type { whoSeesWhatRoutes } from './who-sees-what/routes.js';

type Routes =
  | typeof agreementRoutes
  | typeof assessmentRoutes
  | typeof correctionRoutes
  | typeof erasureRoutes
  | typeof incidentRoutes
  | typeof nameRoutes
  | typeof objectionRoutes
  | typeof ownConsentRoutes
  | typeof ownRequestRoutes
  | typeof ownRoutes
  | typeof parentConsentRoutes
  | typeof peopleRoutes
  | typeof privacyStartRoutes
  | typeof registerRoutes
  | typeof releasedRoutes
  | typeof requestDeskRoutes
  | typeof restrictionRoutes
  | typeof schoolConsentRoutes
  | typeof statementRoutes
  | typeof toldRoutes
  | typeof whoSeesWhatRoutes;

/** Typed client of this plugin's routes, for its own pages and those of other plugins. */
export const privacy = clientFor<Routes>('privacy');
