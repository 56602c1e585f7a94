import type { Dependencies } from './dependencies.js';
import type { Consents } from './exports.js';
import type { Incidents } from './incidents/incidents.js';
import type { OwnRequests } from './requests/own-requests.js';
import type { RequestDesk } from './requests/request-desk.js';
import type { Requests } from './requests/requests.js';

/** Services that routes, jobs and handlers use. */
export interface Cradle extends Dependencies {
  consents: Consents;
  incidents: Incidents;
  ownRequests: OwnRequests;
  requestDesk: RequestDesk;
  requests: Requests;
import type { KernelCradle, MayUse, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-notifications';
import type { Agreements } from './agreements/agreements.js';
import type { BaseCradle } from './base-cradle.js';
import type { StatementVersions } from './statement/versions.js';

/** Services that routes and handlers use. */
export interface Cradle extends BaseCradle {
  statementVersions: StatementVersions;
  agreements: Agreements;
}
