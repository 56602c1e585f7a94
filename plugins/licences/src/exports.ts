/** What other plugins may use of the licences (`optional: { licences: '^0.1.0' }`). */

import type { Reason } from './decisions/decide.js';

export type { Reason } from './decisions/decide.js';

/** Whether the schools of whoever asks may use a tool now. */
export interface ToolLicence {
  /** Key of the tool. */
  tool: string;
  allowed: boolean;
  /** `own-seat`, `school`, `staff`, `free-seat`; otherwise why it is not allowed. In words: `licences:reasons.<reason>`. */
  reason: Reason;
  /** The last day of the licence that decides, `2027-08-31`, or for `not-begun` its first day; null without one. */
  day: string | null;
  /** It is allowed, ends within 30 days, and no other licence of the school follows. */
  endsSoon: boolean;
  /**
   * Of a member of staff who may use it: why some of the pupils whom they teach may not, such as `full` or `not-chosen`. Null if each of them may, if
   * the principal is a pupil, or if it is not allowed. Who teaches nobody asks for the pupils of the school.
   */
  refusesPupils: Reason | null;
}

/** A person whom a tool may be told of. */
export interface Member {
  person: string;
  role: 'Learner' | 'Instructor';
}

/** `licences.decisions`: the one place that decides about the use of tools. Tools of which no licence is asked are never refused. */
export interface LicenceAccess {
  /**
   * Of the tools that need a licence, whether the principal may use them in one of their schools; with few statements for all. Nothing for
   * a principal who acts for all tenants.
   */
  list(): Promise<ToolLicence[]>;
  /**
   * To be called before a person enters a tool. Takes a seat for them if the licence has seats and they have none.
   *
   * @throws Problem 409 `licences/<reason>` if they may not; nothing was changed
   */
  enter(launch: { tool: string; school: string; person: string; role: 'Learner' | 'Instructor' }): Promise<void>;
  /**
   * Whether a tool may still call the portal about a school. `use`: while a licence is valid; `results`: 30 days longer, to hand in work that
   * was begun before.
   */
  serves(tool: string, school: string, what: 'use' | 'results'): Promise<boolean>;
  /**
   * Those of these people who could enter the tool now: at most a few thousand, in few statements. Takes no seats. A tool that needs no
   * licence may be entered by everybody.
   */
  among(tool: string, school: string, people: readonly Member[]): Promise<Set<string>>;
}

export interface LicencesExports {
  decisions: LicenceAccess;
}
