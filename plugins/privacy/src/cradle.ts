import type { Dependencies } from './dependencies.js';
import type { Consents } from './exports.js';
import type { OwnRequests } from './requests/own-requests.js';
import type { RequestDesk } from './requests/request-desk.js';
import type { Requests } from './requests/requests.js';

/** Services that routes, jobs and handlers use. */
export interface Cradle extends Dependencies {
  consents: Consents;
  ownRequests: OwnRequests;
  requestDesk: RequestDesk;
  requests: Requests;
}
