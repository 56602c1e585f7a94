import type { Access } from './decisions/licence-access.js';
import type { SeatLedger } from './decisions/seat-ledger.js';
import type { Dependencies } from './dependencies.js';
import type { GrantStore } from './grants/grant-store.js';
import type { Grants } from './grants/grants.js';
import type { GroupGrants } from './grants/group-grants.js';
import type { Plans } from './plans/plans.js';
import type { LicensedTools } from './plans/tools.js';
import type { Requests } from './requests/requests.js';
import type { ClassTurns } from './school/class-turns.js';
import type { SchoolLicences } from './school/school-licences.js';
import type { SeatWarnings } from './warnings/seat-warnings.js';
import type { Warnings } from './warnings/warnings.js';

/** The services that routes and jobs can resolve. */
export interface Cradle extends Dependencies {
  classTurns: ClassTurns;
  decisions: Access;
  grants: Grants;
  grantStore: GrantStore;
  groupGrants: GroupGrants;
  licensedTools: LicensedTools;
  plans: Plans;
  requests: Requests;
  schoolLicences: SchoolLicences;
  seatLedger: SeatLedger;
  warnings: Warnings;
  seatWarnings: SeatWarnings;
}
