import type { Arrivals } from './arrivals/arrivals.js';
import type { Dependencies } from './dependencies.js';
import type { Flows } from './flows/flows.js';
import type { SignInProviders } from './flows/providers.js';
import type { Identities } from './identities/identities.js';
import type { RosterKeys } from './identities/roster-keys.js';
import type { SchoolProviders } from './schools/school-providers.js';
import type { WaitingList } from './waiting/waiting-list.js';

/** The services that routes and jobs can resolve. */
export interface Cradle extends Dependencies {
  signInProviders: SignInProviders;
  flows: Flows;
  identities: Identities;
  arrivals: Arrivals;
  rosterKeys: RosterKeys;
  schoolProviders: SchoolProviders;
  waitingList: WaitingList;
}
