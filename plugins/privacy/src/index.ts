import { definePlugin } from '@ilearn/core';
import { Agreements } from './agreements/agreements.js';
import { agreementRoutes } from './agreements/routes.js';
import { Assessments } from './assessment/assessments.js';
import { assessmentRoutes } from './assessment/routes.js';
import { ConsentService } from './consents/consents.js';
import { events } from './consents/events.js';
import { ownConsentRoutes } from './consents/own-routes.js';
import { parentConsentRoutes } from './consents/parent-routes.js';
import { schoolConsentRoutes } from './consents/school-routes.js';
import type { Cradle } from './cradle.js';
import { erasureRoutes } from './erasures/routes.js';
import { privacyStartRoutes } from './erasures/start-routes.js';
import type { PrivacyExports, PrivacySlots } from './exports.js';
import { NameSearches } from './free-text/name-searches.js';
import { nameRoutes } from './free-text/routes.js';
import { Incidents } from './incidents/incidents.js';
import { incidentNotificationKinds } from './incidents/notification-kinds.js';
import { incidentRoutes } from './incidents/routes.js';
import { toldRoutes } from './incidents/told-routes.js';
import { ToldSchools } from './incidents/told-schools.js';
import { jobs } from './jobs.js';
import { objectionRoutes } from './objections/routes.js';
import { ownRoutes } from './own/routes.js';
import { notificationKinds, notifyOfExport } from './people/export-ready.js';
import { peopleRoutes } from './people/routes.js';
import { registerRoutes } from './register/routes.js';
import { releasedRoutes } from './released/routes.js';
import { correctionRoutes } from './requests/correction-routes.js';
import { Corrections } from './requests/corrections.js';
import { requestDeskRoutes } from './requests/desk-routes.js';
import { requestNotificationKinds } from './requests/notification-kinds.js';
import { OwnRequests } from './requests/own-requests.js';
import { ownRequestRoutes } from './requests/own-routes.js';
import { RequestDesk } from './requests/request-desk.js';
import { Requests } from './requests/requests.js';
import { restrictionRoutes } from './restrictions/routes.js';
import { settings } from './settings.js';
import { statementRoutes } from './statement/routes.js';
import { StatementVersions } from './statement/versions.js';
import { migrations, tables } from './tables.js';
import { whoSeesWhatRoutes } from './who-sees-what/routes.js';

export type * from './exports.js';

const permissions = {
  'privacy:read': ['principal', 'portal-administrator'],
  'privacy:erase': ['portal-administrator'],
  'privacy:agree': ['principal'],
  /** See that people say that the school's files have something wrong about them. */
  'privacy:roster': ['principal', 'ict-coordinator', 'portal-administrator'],
};

declare module '@ilearn/core' {
  interface PluginRegistry {
    privacy: { permissions: keyof typeof permissions; events: typeof events; exports: PrivacyExports; slots: PrivacySlots };
  }
}

/**
 * Pages for those responsible for personal data: school principals for their school, portal administrators for all. The kernel limits
 * access to the caller's schools and audits it. Stores requests, incidents, agreements and questions for consent; what people decide is
 * kept by the kernel, which applies it.
 */
export default definePlugin({
  id: 'privacy',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  optional: { notifications: '^0.1.0', lti: '^0.1.0', helpdesk: '^0.1.0' },
  // `actAs`: a person's own requests, which belong to the school's officers or the operator. `access`: who the principals of a school are.
  // `secrets`: the name of an erased person, until what others wrote is decided about.
  privileges: ['privacy', 'actAs', 'access', 'secrets'],
  permissions,
  settings,
  events,
  tables,
  migrations,
  services: {
    agreements: Agreements,
    assessments: Assessments,
    consents: ConsentService,
    corrections: Corrections,
    incidents: Incidents,
    nameSearches: NameSearches,
    ownRequests: OwnRequests,
    requestDesk: RequestDesk,
    requests: Requests,
    statementVersions: StatementVersions,
    toldSchools: ToldSchools,
  },
  exports: { services: ['consents'] },
  jobs,
  // Before the directory erases the name, whoever asked for the erasure, and where.
  privacy: {
    erase: ({ personId, services }: { personId: string; services: Cradle }) => services.nameSearches.begin(personId),
  },
  on: { 'kernel.export-ready': notifyOfExport },
  contributes: {
    'notifications.kinds': [...notificationKinds, ...requestNotificationKinds, ...incidentNotificationKinds],
    'directory.agreements': [{ page: '/beheer/privacy/overeenkomsten' }],
    'helpdesk.privacy-pages': [{ path: '/privacy' }],
  },
  routes: [
    ...peopleRoutes,
    ...erasureRoutes,
    ...privacyStartRoutes,
    ...registerRoutes,
    ...statementRoutes,
    ...whoSeesWhatRoutes,
    ...agreementRoutes,
    ...assessmentRoutes,
    ...objectionRoutes,
    ...restrictionRoutes,
    ...ownConsentRoutes,
    ...schoolConsentRoutes,
    ...parentConsentRoutes,
    ...requestDeskRoutes,
    ...correctionRoutes,
    ...ownRequestRoutes,
    ...ownRoutes,
    ...releasedRoutes,
    ...incidentRoutes,
    ...toldRoutes,
    ...nameRoutes,
  ],
  // Later than the start, when all modules are in service.
  start: ({ work }) =>
    work(async ({ jobs }: Cradle) => {
      await jobs.enqueue('noteStatement', {}, { delaySeconds: 5, uniqueKey: 'start' });
    }),
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/beheer/privacy',
        tag: 'privacy-people-page',
        title: 'people.title',
        permission: 'privacy:read',
        help: 'privacy',
        nav: { icon: 'shield-check', order: 85, section: 'school' },
      },
      {
        path: '/beheer/privacy/personen/:id',
        tag: 'privacy-person-page',
        title: 'person.title',
        permission: 'privacy:read',
        help: 'privacy',
      },
      {
        path: '/beheer/privacy/register',
        tag: 'privacy-register-page',
        title: 'register.title',
        permission: 'privacy:read',
        help: 'privacy',
      },
      {
        path: '/beheer/privacy/overeenkomsten',
        tag: 'privacy-agreements-page',
        title: 'agreement.title',
        permission: 'privacy:read',
      },
      {
        path: '/beheer/privacy/effectbeoordeling',
        tag: 'privacy-assessment-page',
        title: 'assessment.title',
        permission: 'privacy:read',
      },
      { path: '/beheer/privacy/wie-ziet-wat', tag: 'privacy-matrix-page', title: 'matrix.title', permission: 'privacy:read' },
      {
        path: '/beheer/privacy/toestemmingen',
        tag: 'privacy-open-consents-page',
        title: 'openConsents.title',
        permission: 'privacy:read',
      },
      {
        path: '/beheer/privacy/verzoeken',
        tag: 'privacy-requests-page',
        title: 'requests.title',
        permission: 'privacy:read',
        help: 'privacy',
      },
      {
        path: '/beheer/privacy/verzoeken/:id',
        tag: 'privacy-request-page',
        title: 'requests.one',
        permission: 'privacy:read',
        help: 'privacy',
      },
      {
        path: '/beheer/privacy/verbeteringen',
        tag: 'privacy-corrections-page',
        title: 'corrections.title',
        permission: 'privacy:roster',
      },
      { path: '/beheer/privacy/programmas', tag: 'privacy-released-page', title: 'released.title', permission: 'privacy:read' },
      { path: '/beheer/privacy/incidenten', tag: 'privacy-incidents-page', title: 'incidents.title', permission: 'privacy:read' },
      {
        path: '/beheer/privacy/incidenten/:id',
        tag: 'privacy-incident-page',
        title: 'incidents.one',
        permission: 'privacy:read',
      },
      {
        path: '/mijn-toestemmingen',
        tag: 'privacy-own-consents-page',
        title: 'consents.page',
        permission: 'signed-in',
        help: 'privacy',
      },
      { path: '/toestemming/:token', tag: 'privacy-parent-page', title: 'parent.title', permission: 'public' },
      { path: '/beheer/privacy/namen', tag: 'privacy-names-page', title: 'names.title', permission: 'privacy:erase' },
      { path: '/privacy', tag: 'privacy-statement-page', title: 'statement.title', permission: 'public', help: 'privacy' },
      {
        path: '/mijn-gegevens',
        tag: 'privacy-own-page',
        title: 'own.title',
        permission: 'signed-in',
        help: 'privacy',
        nav: { icon: 'shield-check', order: 20, menu: 'person' },
      },
    ],
    slots: [
      { slot: 'directory.person', tag: 'privacy-person-link', permission: 'privacy:read', order: 80 },
      { slot: 'directory.school-task', tag: 'privacy-rectification-task', permission: 'privacy:roster', order: 60 },
      { slot: 'shell.start', tag: 'privacy-start-requests', permission: 'privacy:read', order: 39 },
      { slot: 'shell.start', tag: 'privacy-start-questions', permission: 'privacy:erase', order: 40, loads: ['/start'] },
    ],
  },
});
