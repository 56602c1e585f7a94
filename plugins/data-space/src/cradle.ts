import type { Activity } from './activity/activity.js';
import type { Ledger } from './budget/ledger.js';
import type { Microdata } from './microdata/microdata.js';
import type { ProtocolCradle } from './protocol/cradle.js';
import type { Previews } from './releases/preview.js';
import type { Answers } from './research/answers.js';
import type { StudyCradle } from './studies/cradle.js';

/** Services that routes, jobs and handlers use. */
export interface Cradle extends ProtocolCradle, StudyCradle {
  activity: Activity;
  answers: Answers;
  ledger: Ledger;
  microdata: Microdata;
  previews: Previews;
}
