import type { KernelCradle, MayUse, PrivilegedCradle } from '@ilearn/core';
import type { DirectoryExports } from '@ilearn/plugin-directory';
import type {} from '@ilearn/plugin-lti';
import type {} from '@ilearn/plugin-notifications';
import type { settings } from './settings.js';
import type { Dependencies } from './dependencies.js';
import type { OwnRequests } from './requests/own-requests.js';
import type { RequestDesk } from './requests/request-desk.js';
import type { Requests } from './requests/requests.js';

/** Services that routes and handlers use: the kernel's `privacy`, the directory for names, and notifications if they are there. */
export interface Cradle
  extends KernelCradle<unknown, { settings: typeof settings }>,
    Pick<PrivilegedCradle, 'privacy'>,
    Pick<PrivilegedCradle, 'privacy' | 'actAs' | 'access'>,
    MayUse<'notifications'>,
    MayUse<'lti'> {
  directory: DirectoryExports;
/** Services that routes, jobs and handlers use. */
export interface Cradle extends Dependencies {
  ownRequests: OwnRequests;
  requestDesk: RequestDesk;
  requests: Requests;
}
