import type { Accession } from './accession/accession.js';
import type { JoiningSteps } from './accession/steps.js';
import type { DemoAccounts } from './demo-accounts/demo-accounts.js';
import type { Demonstration } from './demonstration.js';
import type { Dependencies } from './dependencies.js';
import type { Hashes } from './hashes.js';
import type { Quotas } from './quotas.js';
import type { WaitingListDesk } from './waiting-list/desk.js';
import type { Entries } from './waiting-list/entries.js';
import type { FollowLinks } from './waiting-list/links.js';
import type { Requests } from './waiting-list/requests.js';

/** The services that routes, jobs and event handlers can resolve. */
export interface Cradle extends Dependencies {
  hashes: Hashes;
  quotas: Quotas;
  demonstration: Demonstration;
  followLinks: FollowLinks;
  entries: Entries;
  requests: Requests;
  waitingListDesk: WaitingListDesk;
  accession: Accession;
  joiningSteps: JoiningSteps;
  demoAccounts: DemoAccounts;
}
