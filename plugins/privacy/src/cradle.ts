import type { Agreements } from './agreements/agreements.js';
import type { Assessments } from './assessment/assessments.js';
import type { ConsentService } from './consents/consents.js';
import type { Dependencies } from './dependencies.js';
import type { NameSearches } from './free-text/name-searches.js';
import type { Incidents } from './incidents/incidents.js';
import type { ToldSchools } from './incidents/told-schools.js';
import type { Corrections } from './requests/corrections.js';
import type { OwnRequests } from './requests/own-requests.js';
import type { RequestDesk } from './requests/request-desk.js';
import type { Requests } from './requests/requests.js';
import type { StatementVersions } from './statement/versions.js';

/** Services that routes, jobs and handlers use. */
export interface Cradle extends Dependencies {
  agreements: Agreements;
  assessments: Assessments;
  consents: ConsentService;
  corrections: Corrections;
  incidents: Incidents;
  nameSearches: NameSearches;
  ownRequests: OwnRequests;
  requestDesk: RequestDesk;
  requests: Requests;
  statementVersions: StatementVersions;
  toldSchools: ToldSchools;
}
