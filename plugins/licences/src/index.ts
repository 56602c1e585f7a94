import { definePlugin } from '@ilearn/core';
import { Access } from './decisions/licence-access.js';
import { SeatLedger } from './decisions/seat-ledger.js';
import { on } from './demo/on.js';
import { events } from './events.js';
import type { LicencesExports } from './exports.js';
import { GrantStore } from './grants/grant-store.js';
import { Grants } from './grants/grants.js';
import { GroupGrants } from './grants/group-grants.js';
import { grantRoutes } from './grants/routes.js';
import { migrations } from './migrations.js';
import { notificationKinds } from './notification-kinds.js';
import { permissions } from './permissions.js';
import { Plans } from './plans/plans.js';
import { planRoutes } from './plans/routes.js';
import { LicensedTools } from './plans/tools.js';
import { Requests } from './requests/requests.js';
import { requestRoutes } from './requests/routes.js';
import { ClassTurns } from './school/class-turns.js';
import { followDirectory } from './school/follow-directory.js';
import { schoolRoutes } from './school/routes.js';
import { SchoolLicences } from './school/school-licences.js';
import { tables } from './tables.js';
import { jobs } from './warnings/jobs.js';
import { SeatWarnings } from './warnings/seat-warnings.js';
import { Warnings } from './warnings/warnings.js';

export type * from './exports.js';

declare module '@ilearn/core' {
  interface PluginRegistry {
    licences: { events: typeof events; permissions: keyof typeof permissions; exports: LicencesExports };
  }
}

/** Which schools, classes and people may use which external tools, for how long, and how many of them. */
export default definePlugin({
  id: 'licences',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  optional: { notifications: '^0.1.0', demo: '^0.1.0' },
  // Seats of all schools of a plan are counted, of which each sees its own; warnings go to staff of the school.
  privileges: ['access', 'actAs'],
  permissions,
  scopes: { 'licences:read': 'scopes.licencesRead', 'licences:write': 'scopes.licencesWrite' },
  tables,
  migrations,
  services: {
    classTurns: ClassTurns,
    decisions: Access,
    grants: Grants,
    grantStore: GrantStore,
    groupGrants: GroupGrants,
    licensedTools: LicensedTools,
    plans: Plans,
    requests: Requests,
    schoolLicences: SchoolLicences,
    seatLedger: SeatLedger,
    warnings: Warnings,
    seatWarnings: SeatWarnings,
  },
  exports: { services: ['decisions'] },
  events,
  on: { ...on, ...followDirectory },
  contributes: { 'notifications.kinds': notificationKinds },
  routes: [...planRoutes, ...grantRoutes, ...schoolRoutes, ...requestRoutes],
  jobs,
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/licenties',
        tag: 'licences-school-page',
        title: 'school.title',
        permission: 'licence:school',
        help: 'tools',
        nav: { icon: 'ticket', order: 83, section: 'school' },
      },
      {
        path: '/licenties/aanbod',
        tag: 'licences-provider-page',
        title: 'provider.title',
        permission: 'licence:provide',
        nav: { icon: 'ticket', order: 92, section: 'portal' },
      },
      {
        path: '/licenties/:plan',
        tag: 'licences-licence-page',
        title: 'licence.title',
        permission: 'licence:school',
        help: 'tools',
      },
    ],
  },
});
