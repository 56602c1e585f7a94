import { definePlugin, type Http } from '@ilearn/core';
import { Arrivals } from './arrivals/arrivals.js';
import { commands } from './commands.js';
import { type OidcConfig, oidcConfig } from './config.js';
import type { SignInOidcExports } from './exports.js';
import { Flows } from './flows/flows.js';
import { SignInProviders } from './flows/providers.js';
import { flowRoutes } from './flows/routes.js';
import { genericHttp, genericProviders } from './generic.js';
import { Identities } from './identities/identities.js';
import { RosterKeys } from './identities/roster-keys.js';
import { identityRoutes } from './identities/routes.js';
import { jobs } from './jobs.js';
import { migrations } from './migrations.js';
import { notificationKinds } from './notification-kinds.js';
import { providerContribution } from './protocols/contribution.js';
import { buttonOf } from './protocols/define-sign-in.js';
import { schoolRoutes } from './schools/routes.js';
import { SchoolProviders } from './schools/school-providers.js';
import { tables } from './tables.js';
import { waitingRoutes } from './waiting/routes.js';
import { WaitingList } from './waiting/waiting-list.js';

export type * from './exports.js';

const permissions = {
  'sign-in:manage': ['ict-coordinator', 'portal-administrator'],
  'sign-in:confirm': ['portal-administrator'],
};
const points = { providers: providerContribution };
const pointKeys = { providers: 'key' } as const;

declare module '@ilearn/core' {
  interface PluginRegistry {
    'sign-in-oidc': { points: typeof points; permissions: keyof typeof permissions; exports: SignInOidcExports };
  }
}

/** Signing in with accounts of a school: what all providers have in common, and OpenID providers of the configuration. */
export default definePlugin({
  id: 'sign-in-oidc',
  version: '0.1.0',
  requires: { directory: '^0.1.0', login: '^0.1.0' },
  optional: { notifications: '^0.1.0' },
  privileges: ['sessions', 'actAs', 'secrets', 'access'],
  config: oidcConfig,
  http: {
    operator: 'school groups have identity providers of their own',
    purpose: 'signing in with accounts of a school',
    sends: 'the code with which the provider answered the sign-in, which works once',
  },
  permissions,
  tables,
  migrations,
  services: {
    signInProviders: SignInProviders,
    flows: Flows,
    identities: Identities,
    arrivals: Arrivals,
    rosterKeys: RosterKeys,
    schoolProviders: SchoolProviders,
    waitingList: WaitingList,
  },
  exports: { services: ['rosterKeys'] },
  points,
  pointKeys,
  contributes: (config: OidcConfig) => ({
    'login.providers': genericProviders(config).map(buttonOf),
    'notifications.kinds': notificationKinds,
  }),
  routes: [...flowRoutes, ...identityRoutes, ...schoolRoutes, ...waitingRoutes],
  jobs,
  commands,
  start: async ({ http }) => genericHttp.add(http as Http),
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      { path: '/aanmelden/niet-gelukt', tag: 'sign-in-oidc-failed-page', title: 'failed.title', permission: 'public' },
      { path: '/aanmelden/school', tag: 'sign-in-oidc-choose-page', title: 'choose.title', permission: 'signed-in' },
      {
        path: '/aanmeldwijzen',
        tag: 'sign-in-oidc-settings-page',
        title: 'settings.title',
        permission: 'sign-in:manage',
        nav: { icon: 'log-in', order: 82, section: 'school' },
      },
    ],
    slots: [
      { slot: 'login.ways', tag: 'sign-in-oidc-ways', permission: 'public' },
      { slot: 'login.account', tag: 'sign-in-oidc-identities', permission: 'signed-in' },
      { slot: 'directory.school-task', tag: 'sign-in-oidc-waiting-task', permission: 'sign-in:manage', order: 25 },
    ],
  },
});
