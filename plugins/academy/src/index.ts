import { definePlugin } from '@ilearn/core';
import { Calendars } from './calendar/calendars.js';
import { onMails } from './calendar/on.js';
import { Reminders } from './calendar/reminders.js';
import { calendarRoutes } from './calendar/routes.js';
import { Certificates } from './certificates/certificates.js';
import { IssuerKeys } from './certificates/issuer-keys.js';
import { certificateRoutes } from './certificates/routes.js';
import { StatusLists } from './certificates/status-lists.js';
import { Coachings } from './coaching/coachings.js';
import { DeliveredHours } from './coaching/delivered.js';
import { CoachingLog } from './coaching/log.js';
import { ProviderNames } from './coaching/provider-names.js';
import { CoachingReports } from './coaching/reports.js';
import { coachingRoutes } from './coaching/routes.js';
import { on } from './demo/on.js';
import { EnrolmentDesk } from './enrolments/desk.js';
import { Enrolments } from './enrolments/enrolments.js';
import { MyLearning } from './enrolments/my-learning.js';
import { PeopleNames } from './enrolments/people-names.js';
import { enrolmentRoutes } from './enrolments/routes.js';
import { Sweep } from './enrolments/sweep.js';
import { Team } from './enrolments/team.js';
import { Tellings } from './enrolments/tellings.js';
import { Transitions } from './enrolments/transitions.js';
import { Evaluations } from './evaluations/evaluations.js';
import { evaluationRoutes } from './evaluations/routes.js';
import { events } from './event-schemas.js';
import { Events } from './events/events.js';
import { eventRoutes } from './events/routes.js';
import { jobs } from './jobs.js';
import { migrations } from './migrations.js';
import { models } from './models.js';
import { notificationKinds } from './notification-kinds.js';
import { permissions } from './permissions.js';
import { searchRoutes } from './search/routes.js';
import { searchSources } from './search/sources.js';
import { onPaths } from './self-paced/on.js';
import { selfPacedRoutes } from './self-paced/routes.js';
import { SelfPaced } from './self-paced/self-paced.js';
import { DeskStart } from './start/desk-start.js';
import { startRoutes } from './start/routes.js';
import { tables } from './tables.js';
import { Catalogue } from './trainings/catalogue.js';
import { NamedAudience } from './trainings/named-audience.js';
import { onProviders } from './trainings/on.js';
import { trainingRoutes } from './trainings/routes.js';
import { suggestionRoutes } from './trainings/suggestion-routes.js';
import { Suggestions } from './trainings/suggestions.js';
import { TrainingPaths } from './trainings/training-paths.js';
import { TrainingSearch } from './trainings/training-search.js';
import { Trainings } from './trainings/trainings.js';

declare module '@ilearn/core' {
  interface PluginRegistry {
    academy: { permissions: keyof typeof permissions; events: typeof events };
  }
}

/** The academy: trainings with events and sign-ups, for schools and for the providers who give them. */
export default definePlugin({
  id: 'academy',
  version: '0.1.0',
  requires: { directory: '^0.1.0' },
  // The library and MyWay say which programs a school can use, for suggestions; a training may be a path of MyWay.
  optional: { notifications: '^0.1.0', library: '^0.1.0', myway: '^0.1.0', search: '^0.1.0', demo: '^0.1.0' },
  // Seats are counted over all schools, and the catalogue is read by people of none of its providers.
  privileges: ['actAs', 'secrets'],
  permissions,
  scopes: { 'catalogue:read': 'scopes.catalogueRead' },
  tables,
  models,
  migrations,
  services: {
    academyEvents: Events,
    calendars: Calendars,
    catalogue: Catalogue,
    certificates: Certificates,
    statusLists: StatusLists,
    coachingLog: CoachingLog,
    coachingReports: CoachingReports,
    coachings: Coachings,
    deliveredHours: DeliveredHours,
    deskStart: DeskStart,
    enrolmentDesk: EnrolmentDesk,
    enrolments: Enrolments,
    evaluations: Evaluations,
    issuerKeys: IssuerKeys,
    myLearning: MyLearning,
    namedAudience: NamedAudience,
    peopleNames: PeopleNames,
    providerNames: ProviderNames,
    reminders: Reminders,
    selfPaced: SelfPaced,
    suggestions: Suggestions,
    sweep: Sweep,
    team: Team,
    tellings: Tellings,
    trainingPaths: TrainingPaths,
    trainingSearch: TrainingSearch,
    trainings: Trainings,
    transitions: Transitions,
  },
  events,
  contributes: { 'notifications.kinds': notificationKinds, 'search.sources': searchSources },
  routes: [
    ...trainingRoutes,
    ...eventRoutes,
    ...enrolmentRoutes,
    ...calendarRoutes,
    ...coachingRoutes,
    ...certificateRoutes,
    ...evaluationRoutes,
    ...suggestionRoutes,
    ...selfPacedRoutes,
    ...searchRoutes,
    ...startRoutes,
  ],
  jobs,
  on: { ...on, ...onProviders, ...onMails, ...onPaths },
  ui: {
    entry: new URL('./ui/index.js', import.meta.url),
    messages: new URL('../messages/', import.meta.url),
    pages: [
      {
        path: '/academie',
        tag: 'academy-catalogue-page',
        title: 'catalogue.title',
        permission: 'academy:enrol',
        help: 'academy',
        nav: { icon: 'graduation-cap', order: 40 },
      },
      {
        path: '/academie/vorming/:id',
        tag: 'academy-training-page',
        title: 'training.title',
        permission: 'academy:enrol',
        help: 'academy',
      },
      {
        path: '/academie/mijn',
        tag: 'academy-my-learning-page',
        title: 'mine.title',
        permission: 'academy:enrol',
        help: 'academy',
      },
      {
        path: '/academie/mijn/:event',
        tag: 'academy-my-learning-page',
        title: 'mine.title',
        permission: 'academy:enrol',
        help: 'academy',
      },
      {
        path: '/academie/attesten',
        tag: 'academy-certificates-page',
        title: 'certificates.title',
        permission: 'academy:enrol',
        help: 'academy',
      },
      { path: '/attest/:code', tag: 'academy-verify-page', title: 'verify.title', permission: 'public' },
      {
        path: '/academie/coaching',
        tag: 'academy-coachings-page',
        title: 'coaching.title',
        permission: 'academy:enrol',
        help: 'academy',
      },
      {
        path: '/academie/coaching/:id',
        tag: 'academy-coaching-page',
        title: 'coaching.one',
        permission: 'academy:coaching',
        help: 'academy',
      },
      {
        path: '/academie/coachings',
        tag: 'academy-coachings-page',
        title: 'coaching.title',
        permission: 'academy:deliver',
        help: 'academy',
        nav: { icon: 'hand-helping', order: 41 },
      },
      { path: '/academie/team', tag: 'academy-team-page', title: 'team.title', permission: 'academy:team', help: 'academy' },
      {
        path: '/academie/aanbod',
        tag: 'academy-desk-page',
        title: 'desk.title',
        permission: 'academy:teach',
        help: 'academy',
        nav: { icon: 'calendar-days', order: 40 },
      },
      { path: '/academie/aanbod/nieuw', tag: 'academy-training-edit-page', title: 'edit.newTitle', permission: 'academy:plan' },
      { path: '/academie/aanbod/:id', tag: 'academy-training-edit-page', title: 'edit.changeTitle', permission: 'academy:plan' },
      {
        path: '/academie/aanbod/:training/moment',
        tag: 'academy-event-edit-page',
        title: 'event.newTitle',
        permission: 'academy:plan',
      },
      { path: '/academie/moment/:id', tag: 'academy-event-page', title: 'event.title', permission: 'academy:teach' },
      {
        path: '/academie/moment/:id/bewerken',
        tag: 'academy-event-edit-page',
        title: 'event.changeTitle',
        permission: 'academy:plan',
      },
    ],
    slots: [
      {
        slot: 'shell.start',
        tag: 'academy-start-approvals',
        permission: 'academy:approve',
        order: 30,
        loads: ['/start/approvals'],
      },
      { slot: 'shell.start', tag: 'academy-start-mine', permission: 'academy:enrol', order: 45, loads: ['/start/mine'] },
      { slot: 'shell.start', tag: 'academy-start-desk', permission: 'academy:teach', order: 20, loads: ['/start/desk'] },
      { slot: 'myway.path', tag: 'academy-path-training', permission: 'academy:enrol', order: 40 },
    ],
  },
});
