import type { Activity } from './activity/activity.js';
import type { Ledger } from './budget/ledger.js';
import type { Dependencies } from './dependencies.js';
import type { Previews } from './releases/preview.js';
import type { Releases } from './releases/releases.js';
import type { Answers } from './research/answers.js';

/** Services that routes, jobs and handlers use. */
export interface Cradle extends Dependencies {
  activity: Activity;
  answers: Answers;
  ledger: Ledger;
  previews: Previews;
  releases: Releases;
}
