/*
 * Apps of partners. `apps` holds what partners register and the portal approves, `developer` the pages of the partners, `grants` what each
 * school switches on, `tokens` how apps authenticate, `usage` what they asked, `webhooks` what they are told. The routes that apps call are
 * those of the other plugins: this one turns their tokens into clients (`identifyMachine`). Only routes, jobs and handlers import `cradle.ts`.
 */
import { definePlugin } from '@ilearn/core';
import { approvalRoutes } from './apps/approval-routes.js';
import { Apps } from './apps/apps.js';
import { Credentials } from './apps/credentials.js';
import { config } from './config.js';
import type { Cradle } from './cradle.js';
import { appRoutes } from './developer/routes.js';
import { Grants } from './grants/grants.js';
import { grantRoutes } from './grants/routes.js';
import { Sandbox } from './grants/sandbox.js';
import { referenceRoutes } from './reference/routes.js';
import { migrations, tables } from './tables.js';
import { AccessTokens } from './tokens/access-tokens.js';
import { ClientAuthentication } from './tokens/client-authentication.js';
import { Reach } from './tokens/reach.js';
import { tokenRoutes } from './tokens/routes.js';
import { recorderOf } from './usage/recorder.js';
import { Usage } from './usage/usage.js';
import { Deliveries } from './webhooks/deliveries.js';
import { Endpoints } from './webhooks/endpoints.js';
import { jobs } from './webhooks/jobs.js';
import { on } from './webhooks/on.js';
import { webhookRoutes } from './webhooks/routes.js';

const permissions = {
  'app:develop': ['tool-manager', 'planner', 'portal-administrator'],
  'app:approve': ['portal-administrator'],
  'app:read': ['ict-coordinator', 'principal', 'portal-administrator'],
  'app:grant': ['principal', 'portal-administrator'],
};

declare module '@ilearn/core' {
  interface PluginRegistry {
    api: { permissions: keyof typeof permissions };
  }
}

/** Apps of partners: registration, approval, grants of schools, tokens and webhooks. */
export default definePlugin({
  id: 'api',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  optional: { joining: '^0.1.0', myway: '^0.1.0' },
  privileges: ['actAs', 'machines', 'secrets'],
  http: {
    purpose: 'telling apps of partners that something changed',
    sends: 'ids of schools, classes, assignments and pupils, without names',
    named: 'addresses that the developers of apps enter',
    operator: 'apps on a private network',
  },
  config,
  permissions,
  purposeAdditions: { learning: { recipients: ['tool-providers'] } },
  tables,
  migrations,
  services: {
    apps: Apps,
    credentials: Credentials,
    grants: Grants,
    sandbox: Sandbox,
    reach: Reach,
    accessTokens: AccessTokens,
    clientAuthentication: ClientAuthentication,
    usage: Usage,
    endpoints: Endpoints,
    deliveries: Deliveries,
  },
  routes: [...tokenRoutes, ...referenceRoutes, ...approvalRoutes, ...appRoutes, ...webhookRoutes, ...grantRoutes],
  jobs,
  on,
  identifyMachine: ({ token, services }: { token: string; services: Cradle }) => services.accessTokens.holder(token),
  machineCalled: (call, { http }) => recorderOf(http).add(call),
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/ontwikkelaars',
        tag: 'api-apps-page',
        title: 'apps.title',
        permission: 'app:develop',
        nav: { icon: 'code', order: 92, section: 'portal' },
        loads: ['/apps'],
      },
      { path: '/ontwikkelaars/naslag', tag: 'api-reference-page', title: 'reference.title', permission: 'app:develop' },
      { path: '/ontwikkelaars/:id', tag: 'api-app-page', title: 'app.title', permission: 'app:develop', loads: ['/apps/:id'] },
      { path: '/beheer/apps', tag: 'api-approvals-page', title: 'approvals.title', permission: 'app:approve' },
      {
        path: '/school/apps',
        tag: 'api-school-page',
        title: 'school.title',
        permission: 'app:read',
        nav: { icon: 'puzzle', order: 82, section: 'school' },
      },
    ],
  },
  async start({ work, http, log }) {
    const recorder = recorderOf(http);
    recorder.connect(
      (counts) => work(({ usage }: Cradle) => usage.add(counts)),
      (error) => log.error({ err: error.message }, 'counts of calls of apps are lost'),
    );
    return () => recorder.close();
  },
});
