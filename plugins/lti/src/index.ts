/*
 * The LTI 1.3 platform. `registrations` stores the tools, `keys` the signing keys; `launches` sends people to tools and back, `tokens`
 * authenticates tools, `grades` implements AGS 2.0, and `platform.ts` lists the endpoints. The plugin imports the kernel and the directory
 * plugin. Within it, grades imports launches; launches imports registrations and keys; tokens imports registrations. Only routes, jobs and
 * commands import `cradle.ts`.
 */
import { definePlugin } from '@ilearn/core';
import { cleanUp } from './clean-up.js';
import { config } from './config.js';
import type { Cradle } from './cradle.js';
import { events } from './events.js';
import type { LtiExports } from './exports.js';
import { Gradebook } from './grades/gradebook.js';
import { LineItemService } from './grades/line-items.js';
import { ResultService } from './grades/results.js';
import { gradeRoutes } from './grades/routes.js';
import { ScoreService } from './grades/scores.js';
import { rotateKeys, rotateKeysCommand } from './keys/rotation.js';
import { keyRoutes } from './keys/routes.js';
import { SigningKeys } from './keys/signing-keys.js';
import { Authentication } from './launches/authentication.js';
import { IdTokens } from './launches/id-tokens.js';
import { LaunchRecords } from './launches/launch-records.js';
import { LaunchService } from './launches/launch-service.js';
import { Placements } from './launches/placements.js';
import { ReturnMessages } from './launches/return-messages.js';
import { launchRoutes } from './launches/routes.js';
import { toolStartRoutes } from './launches/start-routes.js';
import { Subjects } from './launches/subjects.js';
import { migrations } from './migrations.js';
import { registrationContribution } from './registrations/registration.js';
import { RegistrationService } from './registrations/registration-service.js';
import { registrationRoutes } from './registrations/routes.js';
import { AccessTokens } from './tokens/access-tokens.js';
import { ClientAssertions } from './tokens/client-assertions.js';
import { tokenRoutes } from './tokens/routes.js';

export type * from './exports.js';
export { scoreReceived } from './grades/score.js';
export { launchFailed } from './launches/launch-failed.js';

const portalWide = (what: string) => ({ tenant: { none: `${what} of the portal as a whole` } });

const permissions = {
  'registration:manage': ['portal-administrator'],
  'launch-failures:read': ['ict-coordinator', 'portal-administrator'],
};
const points = { registrations: registrationContribution };

declare module '@ilearn/core' {
  interface PluginRegistry {
    lti: { events: typeof events; points: typeof points; permissions: keyof typeof permissions; exports: LtiExports };
  }
}

/** LTI 1.3 platform: launches external tools, and receives the scores that they send back (AGS 2.0). */
export default definePlugin({
  id: 'lti',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  privileges: ['actAs', 'secrets'],
  http: {
    purpose: 'fetching the public keys with which tools sign',
    sends: 'no data about people',
    named: 'hosts of the tools that are registered',
    operator: 'tools on a private network',
  },
  config,
  permissions,
  tables: {
    registrations: portalWide('tools'),
    signing_keys: { ...portalWide('keys'), notPeople: { public_jwk: 'a key' } },
    used_assertions: portalWide('assertions of tools'),
    access_tokens: portalWide('tokens of tools'),
    subjects: {
      tenant: { none: 'a person is the same to a tool in each of their schools' },
      people: { person_id: 'subject' },
      keep: 'P1Y',
      erase: 'delete',
      purpose: 'launching external tools under a pseudonym',
      recipients: ['external tools: the pseudonym; name and e-mail address where the school releases them'],
    },
    contexts: { tenant: 'school_id' },
    resource_links: { tenant: 'school_id' },
    launches: {
      tenant: 'school_id',
      people: { person_id: 'subject' },
      keep: 'P1Y',
      erase: 'delete',
      purpose: 'launching external tools, and helping where that fails',
    },
    line_items: { tenant: 'school_id' },
    scores: {
      tenant: 'school_id',
      people: { person_id: 'subject' },
      keep: { for: 'P1Y', since: 'created_at' },
      erase: 'delete',
      purpose: 'learning',
    },
    results: { tenant: 'school_id', people: { person_id: 'subject' }, keep: 'P1Y', erase: 'delete', purpose: 'learning' },
  },
  migrations,
  services: {
    registrations: RegistrationService,
    signingKeys: SigningKeys,
    launches: LaunchService,
    launchRecords: LaunchRecords,
    returnMessages: ReturnMessages,
    authentication: Authentication,
    idTokens: IdTokens,
    placements: Placements,
    subjects: Subjects,
    clientAssertions: ClientAssertions,
    accessTokens: AccessTokens,
    lineItems: LineItemService,
    scores: ScoreService,
    results: ResultService,
    gradebook: Gradebook,
  },
  exports: { services: ['launches', 'gradebook'] },
  points,
  events,
  routes: [...launchRoutes, ...keyRoutes, ...tokenRoutes, ...gradeRoutes, ...registrationRoutes, ...toolStartRoutes],
  jobs: { 'rotate-keys': rotateKeys, 'clean-up': cleanUp },
  commands: [rotateKeysCommand],
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/beheer/tools',
        tag: 'lti-tools-page',
        title: 'tools.title',
        permission: 'registration:manage',
        nav: { icon: 'plug', order: 90 },
      },
    ],
    slots: [{ slot: 'shell.start', tag: 'lti-start-tools', permission: 'launch-failures:read', order: 40 }],
  },
  takeContributions: ({ work }) => work(({ registrations }: Cradle) => registrations.takeContributions()),
  start: ({ work }) => work(({ signingKeys }: Cradle) => signingKeys.ensure()),
});
