import type { Calendars } from './calendar/calendars.js';
import type { Reminders } from './calendar/reminders.js';
import type { Certificates } from './certificates/certificates.js';
import type { IssuerKeys } from './certificates/issuer-keys.js';
import type { Coachings } from './coaching/coachings.js';
import type { DeliveredHours } from './coaching/delivered.js';
import type { CoachingLog } from './coaching/log.js';
import type { ProviderNames } from './coaching/provider-names.js';
import type { CoachingReports } from './coaching/reports.js';
import type { Dependencies } from './dependencies.js';
import type { EnrolmentDesk } from './enrolments/desk.js';
import type { Enrolments } from './enrolments/enrolments.js';
import type { MyLearning } from './enrolments/my-learning.js';
import type { PeopleNames } from './enrolments/people-names.js';
import type { Sweep } from './enrolments/sweep.js';
import type { Team } from './enrolments/team.js';
import type { Tellings } from './enrolments/tellings.js';
import type { Transitions } from './enrolments/transitions.js';
import type { Evaluations } from './evaluations/evaluations.js';
import type { Events } from './events/events.js';
import type { Catalogue } from './trainings/catalogue.js';
import type { TrainingSearch } from './trainings/training-search.js';
import type { Trainings } from './trainings/trainings.js';

/** The services that routes, jobs and event handlers can resolve. Services use {@link Dependencies} and name the others in their constructors. */
export interface Cradle extends Dependencies {
  certificates: Certificates;
  issuerKeys: IssuerKeys;
  evaluations: Evaluations;
  coachings: Coachings;
  coachingLog: CoachingLog;
  coachingReports: CoachingReports;
  deliveredHours: DeliveredHours;
  providerNames: ProviderNames;
  calendars: Calendars;
  reminders: Reminders;
  catalogue: Catalogue;
  trainingSearch: TrainingSearch;
  trainings: Trainings;
  academyEvents: Events;
  enrolments: Enrolments;
  enrolmentDesk: EnrolmentDesk;
  myLearning: MyLearning;
  team: Team;
  peopleNames: PeopleNames;
  tellings: Tellings;
  transitions: Transitions;
  sweep: Sweep;
}
