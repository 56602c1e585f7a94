/*
 * Releases of data about the portal. `statistics` has the mathematics, `activity` what is counted, `budget` what may be told, `research` the
 * questions that are answered with noise, `microdata` rows for partners under contract, `releases` the data sets that a steward publishes,
 * `protocol` how partners get them, `identity` how they prove who they are, `studies` research on data by name, of those who said yes. Only routes, jobs and handlers import `cradle.ts`.
 */
import { definePlugin } from '@ilearn/core';
import type {} from '@ilearn/plugin-cube';
import { Activity } from './activity/activity.js';
import { Ledger } from './budget/ledger.js';
import { config } from './config.js';
import { onDemo } from './demo/on.js';
import { jobs } from './jobs.js';
import { Microdata } from './microdata/microdata.js';
import { onActs } from './on.js';
import { Identities } from './protocol/identities.js';
import { Negotiations } from './protocol/negotiations.js';
import { Partners } from './protocol/partners.js';
import { protocolRoutes } from './protocol/routes.js';
import { stewardRoutes } from './protocol/steward-routes.js';
import { protocolMigrations, protocolTables, tokenOverlap, usedIdentities } from './protocol/tables.js';
import { Transfers } from './protocol/transfers.js';
import { OpenFigures } from './releases/open-figures.js';
import { Previews } from './releases/preview.js';
import { Releases } from './releases/releases.js';
import { releaseRoutes } from './releases/routes.js';
import { Answers } from './research/answers.js';
import { Deliveries } from './studies/deliveries.js';
import { deliveryRoutes } from './studies/delivery-routes.js';
import { onConsents } from './studies/on.js';
import { ownStudyRoutes } from './studies/own-routes.js';
import { Participants } from './studies/participants.js';
import { schoolStudyRoutes } from './studies/school-routes.js';
import { studyRoutes } from './studies/steward-routes.js';
import { Studies } from './studies/studies.js';
import { StudySchools } from './studies/study-schools.js';
import { StudyTokens } from './studies/study-tokens.js';
import { consentMoments, studyMigration, studyTables, studyTokens } from './studies/tables.js';
import { microdata, migrations, releaseStates, tables, withdrawals } from './tables.js';

const permissions = {
  'release:prepare': ['data-steward', 'portal-administrator'],
  'release:approve': ['data-steward', 'portal-administrator'],
  'partner:manage': ['data-steward', 'portal-administrator'],
  'study:manage': ['data-steward', 'portal-administrator'],
  'study:approve': ['data-steward', 'portal-administrator'],
  /** Decide for a school which studies may ask its people. */
  'study:agree': ['principal'],
};

declare module '@ilearn/core' {
  interface PluginRegistry {
    'data-space': { permissions: keyof typeof permissions };
  }
}

/**
 * Releases of data in which nobody can be recognised: open data for everybody, and answers with noise for research. And studies, which get
 * data of those who said yes.
 */
export default definePlugin({
  id: 'data-space',
  version: '0.1.0',
  requires: { directory: '^0.1.0', cube: '^0.1.0', privacy: '^0.1.0' },
  optional: { lti: '^0.1.0', myway: '^0.1.0', demo: '^0.1.0' },
  // `secrets`: tokens with which partners fetch data, and pseudonyms of studies. `actAs`: a researcher has no session; a person sees what was
  // delivered of them in a former school too.
  privileges: ['secrets', 'actAs'],
  purposeAdditions: { research: { recipients: ['researchers'] } },
  http: {
    purpose: 'telling partners what was decided about their requests for data, and checking who they are',
    sends: 'no data about people',
    named: 'addresses that partners give when they ask for data, and of their DIDs and credentials',
    operator: 'partners on a private network',
  },
  config,
  permissions,
  tables: { ...tables, ...protocolTables, ...studyTables },
  migrations: [
    ...migrations,
    ...protocolMigrations,
    withdrawals,
    studyMigration,
    microdata,
    tokenOverlap,
    consentMoments,
    studyTokens,
    usedIdentities,
    releaseStates,
  ],
  services: {
    activity: Activity,
    ledger: Ledger,
    answers: Answers,
    microdata: Microdata,
    openFigures: OpenFigures,
    previews: Previews,
    releases: Releases,
    partners: Partners,
    identities: Identities,
    negotiations: Negotiations,
    transfers: Transfers,
    studies: Studies,
    studySchools: StudySchools,
    studyTokens: StudyTokens,
    participants: Participants,
    deliveries: Deliveries,
  },
  routes: [
    ...releaseRoutes,
    ...stewardRoutes,
    ...protocolRoutes,
    ...studyRoutes,
    ...schoolStudyRoutes,
    ...ownStudyRoutes,
    ...deliveryRoutes,
  ],
  jobs,
  on: { ...onActs, ...onConsents, ...onDemo },
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      { path: '/open-data', tag: 'data-space-open-page', title: 'open.title', permission: 'public', loads: ['/open'] },
      {
        path: '/beheer/data',
        tag: 'data-space-steward-page',
        title: 'steward.title',
        permission: 'release:prepare',
        nav: { icon: 'chart-column', order: 93, section: 'portal' },
        loads: ['/releases'],
      },
      { path: '/beheer/data/partners', tag: 'data-space-partners-page', title: 'partners.title', permission: 'partner:manage' },
      { path: '/beheer/data/onderzoek', tag: 'data-space-studies-page', title: 'studies.title', permission: 'study:manage' },
      {
        path: '/beheer/onderzoek',
        tag: 'data-space-school-studies-page',
        title: 'schoolStudies.title',
        permission: 'study:agree',
        nav: { icon: 'flask-conical', order: 92, section: 'school' },
      },
    ],
    slots: [{ slot: 'privacy.consent', tag: 'data-space-study-consent', permission: 'public' }],
  },
});
