/*
 * The LTI 1.3 platform. `registrations` stores the tools, `keys` the signing keys; `launches` sends people to tools and back, `tokens`
 * authenticates tools, `deep-linking` takes what teachers choose in tools, `grades` implements AGS 2.0, `members` NRPS 2.0, `releases` decides and counts what goes to
 * tools, `trace` keeps what happened, and `platform.ts` lists the endpoints. The plugin imports the kernel and the directory
 * plugin. Within it, grades and members import launches; launches imports registrations and keys; tokens imports registrations; all of them
 * may record in the trace. Only routes, jobs and commands import `cradle.ts`.
 */
import { definePlugin } from '@ilearn/core';
import { cleanUp } from './clean-up.js';
import { config } from './config.js';
import type { Cradle } from './cradle.js';
import { Choices } from './deep-linking/choices.js';
import { KeptChoices } from './deep-linking/kept-choices.js';
import { choiceRoutes } from './deep-linking/routes.js';
import { selfRegistrationRoutes } from './dynamic-registration/routes.js';
import { SelfRegistrations } from './dynamic-registration/self-registrations.js';
import { events } from './events.js';
import type { LtiExports } from './exports.js';
import { Gradebook } from './grades/gradebook.js';
import { LineItemService } from './grades/line-items.js';
import { ResultService } from './grades/results.js';
import { gradeRoutes } from './grades/routes.js';
import { ScoreService } from './grades/scores.js';
import { StatementService } from './grades/statements.js';
import { rotateKeys, rotateKeysCommand } from './keys/rotation.js';
import { keyRoutes } from './keys/routes.js';
import { SigningKeys } from './keys/signing-keys.js';
import { Authentication } from './launches/authentication.js';
import { IdTokens } from './launches/id-tokens.js';
import { launchCountRoutes } from './launches/launch-count-routes.js';
import { LaunchRecords } from './launches/launch-records.js';
import { LaunchService } from './launches/launch-service.js';
import { Placements } from './launches/placements.js';
import { reportPageContribution } from './launches/report-page.js';
import { ReturnMessages } from './launches/return-messages.js';
import { launchRoutes } from './launches/routes.js';
import { toolStartRoutes } from './launches/start-routes.js';
import { Subjects } from './launches/subjects.js';
import { Members } from './members/members.js';
import { Rosters } from './members/rosters.js';
import { memberRoutes } from './members/routes.js';
import { migrations } from './migrations.js';
import { registrationContribution } from './registrations/registration.js';
import { RegistrationService } from './registrations/registration-service.js';
import { registrationRoutes } from './registrations/routes.js';
import { Releases } from './releases/releases.js';
import { AccessTokens } from './tokens/access-tokens.js';
import { ClientAssertions } from './tokens/client-assertions.js';
import { tokenRoutes } from './tokens/routes.js';
import { recorderOf } from './trace/recorder.js';
import { recordRefused } from './trace/refused.js';
import { traceRoutes } from './trace/routes.js';
import { Traces } from './trace/traces.js';
import { tryOutRoutes } from './try-outs/routes.js';
import { TryOuts } from './try-outs/try-outs.js';

export type * from './exports.js';
export { scoreReceived } from './grades/score.js';
export { launchFailed } from './launches/launch-failed.js';

const portalWide = (what: string) => ({ tenant: { none: `${what} of the portal as a whole` } });

const permissions = {
  'registration:manage': ['portal-administrator'],
  'launch-failures:read': ['ict-coordinator', 'portal-administrator'],
  'tool:try': ['teacher', 'ict-coordinator'],
};
const points = { registrations: registrationContribution, 'report-pages': reportPageContribution };

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
  optional: { library: '^0.1.0', licences: '^0.1.0' },
  privileges: ['actAs', 'secrets'],
  http: {
    purpose: 'fetching the public keys with which tools sign',
    sends: 'no data about people',
    named: 'hosts of the tools that are registered',
    operator: 'tools on a private network',
  },
  config,
  permissions,
  scopes: { 'launches:read': 'scopes.launchesRead' },
  // Tools get a pseudonym, and what the school releases.
  purposeAdditions: { learning: { recipients: ['tool-providers'] } },
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
      purpose: 'learning',
      use: 'launching external tools under a pseudonym',
      recipients: ['external tools: the pseudonym; name and e-mail address where the school releases them'],
    },
    contexts: { tenant: 'school_id' },
    context_pupils: {
      tenant: 'school_id',
      people: { person_id: 'subject' },
      keep: { with: 'contexts' },
      erase: 'delete',
      purpose: 'learning',
      use: 'telling external tools who follows a path, where they may know it',
    },
    resource_links: { tenant: 'school_id' },
    choices: {
      tenant: 'school_id',
      people: { person_id: 'author' },
      notPeople: { items: 'what a tool offers' },
      keep: 'P30D',
      erase: 'delete',
      purpose: 'learning',
      use: 'choosing exercises in external tools',
      withheld: { data: 'a secret between the portal and the tool' },
    },
    kept_choices: {
      tenant: 'school_id',
      people: { person_id: 'author' },
      notPeople: { record: 'an activity of a tool' },
      keep: 'P3Y',
      erase: 'anonymise',
      purpose: 'learning',
      use: 'withdrawing exercises that were chosen in external tools',
    },
    noted_members: {
      tenant: 'school_id',
      people: { person_id: 'subject' },
      keep: { for: 'P90D', since: 'changed_at' },
      erase: 'delete',
      purpose: 'learning',
      use: 'telling external tools who joined or left a class, where they may know it',
      withheld: { digest: 'a hash of what a tool was told, to notice a change' },
    },
    registration_tokens: portalWide('tokens of tools'),
    trace_lines: { tenant: { column: 'school_id', nullMeansShared: true }, keep: { for: 'P90D', since: 'happened_at' } },
    launches: {
      tenant: 'school_id',
      people: { person_id: 'subject' },
      keep: 'P1Y',
      erase: 'delete',
      purpose: 'learning',
      use: 'launching external tools, and helping where that fails',
    },
    line_items: { tenant: 'school_id' },
    // Of what went to tools only counts are kept, without people.
    released_data: { tenant: 'school_id', keep: { for: 'P3Y', since: 'month' } },
    withheld_data: { tenant: 'school_id' },
    scores: {
      tenant: 'school_id',
      people: { person_id: 'subject' },
      keep: { for: 'P1Y', since: 'created_at' },
      erase: 'delete',
      purpose: 'learning',
      use: 'learning',
    },
    results: {
      tenant: 'school_id',
      people: { person_id: 'subject' },
      keep: 'P1Y',
      erase: 'delete',
      purpose: 'learning',
      use: 'learning',
    },
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
    statements: StatementService,
    results: ResultService,
    gradebook: Gradebook,
    rosters: Rosters,
    members: Members,
    traces: Traces,
    releases: Releases,
    tryOuts: TryOuts,
    keptChoices: KeptChoices,
    choices: Choices,
    selfRegistrations: SelfRegistrations,
  },
  exports: { services: ['launches', 'gradebook', 'releases'] },
  points,
  events,
  routes: [
    // Before those with `/registrations/:id`, which its paths would match.
    ...selfRegistrationRoutes,
    ...launchRoutes,
    ...launchCountRoutes,
    ...keyRoutes,
    ...tokenRoutes,
    ...gradeRoutes,
    ...memberRoutes,
    ...registrationRoutes,
    ...toolStartRoutes,
    ...traceRoutes,
    ...tryOutRoutes,
    ...choiceRoutes,
  ],
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
        help: 'tools',
        nav: { icon: 'plug', order: 90, section: 'portal' },
      },
      { path: '/oefenprogrammas', tag: 'lti-choose-page', title: 'choose.title', permission: 'tool:try', help: 'tools' },
      { path: '/oefenprogrammas/keuze/:id', tag: 'lti-choice-page', title: 'choose.chosen', permission: 'tool:try' },
      { path: '/beheer/tools/verloop', tag: 'lti-trace-page', title: 'trace.page.title', permission: 'launch-failures:read' },
    ],
    slots: [
      { slot: 'shell.start', tag: 'lti-start-tools', permission: 'launch-failures:read', order: 40, loads: ['/start/tools'] },
      { slot: 'library.activity-actions', tag: 'lti-try-out', permission: 'tool:try', order: 20 },
    ],
  },
  refused: recordRefused,
  takeContributions: ({ work }) => work(({ registrations }: Cradle) => registrations.takeContributions()),
  async start({ work, http, log }) {
    await work(({ signingKeys }: Cradle) => signingKeys.ensure());
    const recorder = recorderOf(http);
    recorder.connect(work, (error) => log.error({ err: error.message }, 'lines of the trace of launches are lost'));
    return () => recorder.close();
  },
});
