/** What other plugins may use of the LTI platform (`requires: { lti: '^0.1.0' }`). */

import type { ServiceScope } from './scopes.js';

/** A contribution to `lti.registrations`: a tool that a plugin registers. */
export interface RegistrationContribution {
  /** Key by which activities refer to the tool. */
  key: string;
  name: string;
  clientId: string;
  deploymentId: string;
  /** OIDC third-party initiated login (1EdTech Security Framework 1.0 §5.1.1.1). */
  loginUrl: string;
  /** HTTP method of the login initiation; default `GET`. */
  loginMethod?: 'GET' | 'POST';
  /** Addresses that may receive the id_token; matched character by character. At most 1,000. */
  redirectUris: string[];
  jwksUrl: string;
  /** Personal data that the tool asks for. It receives them only if the school also releases them. */
  release: { name: boolean; email: boolean };
  /** Scopes of the services that it may use; default: those of AGS 2.0. `…/contextmembership.readonly` allows it to list members. */
  scopes?: ServiceScope[] | undefined;
  /** Address at which teachers choose content in the tool (Deep Linking 2.0); null or absent: it cannot be chosen in the tool. */
  deepLinkingUrl?: string | null | undefined;
  /** How it is opened where the activity does not say; default `same`: in place of the portal's page. */
  presentation?: 'same' | 'frame' | 'tab' | 'window' | undefined;
}

export interface LaunchRequest {
  /** Key of the registration. */
  registration: string;
  targetLinkUri: string;
  /** Stable id of the placement: one step in one assignment. ASCII, 255 characters at most (LTI 1.3 Core §5.3.5). */
  resourceLinkId: string;
  title: string;
  /** Null: a teacher tries the activity, in no context. */
  context: LaunchContext | null;
  /** Id of the school in which the launch takes place. */
  school: string;
  personId: string;
  role: 'Learner' | 'Instructor';
  /** Custom parameters. Leading and trailing white space is removed, and each run of white space becomes one space. */
  custom: Record<string, string>;
  /** The line item of the placement; null: the placement is not scored. */
  lineItem: { label: string; scoreMaximum: number; resourceId?: string | undefined; tag?: string | undefined } | null;
  /** Path in the portal to return to. */
  returnPath: string;
  /** How the tool is opened; default: as its registration says. */
  presentation?: 'same' | 'frame' | 'tab' | 'window' | undefined;
}

/** A learning path as assigned to a class, or as its maker sees it. */
export interface LaunchContext {
  id: string;
  title: string;
  /** `section` (default): a path that people follow. `template`: a path that its maker looks at. */
  kind?: 'section' | 'template' | undefined;
  /** The class or group to which it is given: its pupils and teachers are the members (NRPS 2.0). Absent: given to nobody. */
  classId?: string | undefined;
  /** Ids of the only pupils of the class to whom it is given; absent: all of them. */
  pupils?: string[] | undefined;
}

/** One step of a launch, or one request of a tool, as a helpdesk reads it. It holds no token and no name. */
export interface TraceLine {
  /** ISO 8601 in UTC. */
  at: string;
  /** Name of the step: `auth`, `score` and so on. */
  step: string;
  /** `ok`, or the code of the check that failed (docs/lti.md). */
  outcome: string;
  /** The outcome in words, in the language that was asked for. */
  text: string;
  /** Code of the request, which the person or the tool was shown. */
  code: string;
}

export interface LaunchTrace {
  /** Null: requests that belong to no launch. */
  launchId: string | null;
  /** Name of the tool; null: not known. */
  tool: string | null;
  /** Id of the school; null: not known. */
  school: string | null;
  /** Oldest first, at most 200. */
  lines: TraceLine[];
}

/** How launches of a tool went, in numbers. */
export interface LaunchRates {
  /** Key of the tool's registration. */
  key: string;
  name: string;
  launches: number;
  /** Launches that did not reach the tool for a reason that may lie with the tool or the portal. */
  failures: number;
  /** Schools with launches, and those of them with failures. */
  schools: number;
  failingSchools: number;
  /** Median of the seconds from the start of a launch until the tool was reached; null if none was. */
  medianSeconds: number | null;
}

/** `lti.launches` */
export interface Launches {
  /**
   * Prepares a launch and returns the address that the person's browser must open (GET). Valid for two minutes and one launch.
   *
   * @throws Problem 409 `lti/tool-unavailable`; 409 `licences/<reason>` if the school has no licence, or no seat, for the person
   */
  start(request: LaunchRequest): Promise<{ url: string }>;
  /**
   * What happened at a launch, found by the code that the person was shown, or by the id of the launch. Null if there is none in the caller's
   * schools. Kept for 90 days.
   *
   * @param language of the texts; default Dutch
   */
  trace(code: string, language?: string): Promise<LaunchTrace | null>;
  /** Of each tool that is switched on, its launches since then in the caller's schools; the system sees those of all. At most 1,000 tools. */
  rates(since: Date): Promise<LaunchRates[]>;
}

/** Payload of the event `lti.score-received` (AGS 2.0 §3.4); the plugin's index exports its zod schema `scoreReceived`. */
export interface ScoreReceived {
  school: string;
  resourceLinkId: string;
  personId: string;
  /** Null: no score. May exceed `scoreMaximum`. Final only if `gradingProgress` is `FullyGraded`; otherwise partial. */
  scoreGiven: number | null;
  scoreMaximum: number | null;
  activityProgress: 'Initialized' | 'Started' | 'InProgress' | 'Submitted' | 'Completed';
  gradingProgress: 'FullyGraded' | 'Pending' | 'PendingManual' | 'Failed' | 'NotReady';
  comment: string | null;
  /** Time of the score by the tool's clock; ISO 8601 in UTC. */
  timestamp: string;
  /** Start and submission of the work by the tool's clock (`submission`), if the tool sends them; ISO 8601 in UTC. */
  startedAt?: string | null | undefined;
  submittedAt?: string | null | undefined;
  /** Identifies the score, since events may be repeated or out of order. Absent in messages from older versions. */
  scoreId?: string | undefined;
  /** Time at which the portal accepted the score, by the database's clock; ISO 8601 with microseconds. */
  receivedAt?: string | undefined;
}

/** A line item that a tool created itself, with its results. */
export interface ToolColumn {
  id: string;
  label: string;
  /** The placement to which it belongs; null: the whole context. */
  resourceLinkId: string | null;
  scoreMaximum: number;
  cells: {
    personId: string;
    /** The final score; null while there is none. */
    score: { given: number; maximum: number } | null;
    /** Grading is not complete yet. */
    pending: boolean;
  }[];
}

/** `lti.gradebook` */
export interface GradebookExport {
  /**
   * Withdraws a person's results at a placement, for example when a teacher resets a step. Tools then read a result without a score (AGS
   * 2.0 §3.3). The last timestamp is kept, so scores that are not later are still refused.
   */
  withdraw(placement: { school: string; resourceLinkId: string; personId: string }): Promise<void>;
  /** The newest line items that tools created in a context, oldest first: at most 21, with at most 42,000 results in all. */
  columnsOf(school: string, contextId: string): Promise<ToolColumn[]>;
}

/** A field about a person that a tool may get, apart from the pseudonym and the role, without which it cannot be launched. */
export type WithheldField = 'name' | 'email' | 'members';

/** A field that goes to a tool. `context`: the title of the path or class; `language`: of the interface. */
export type ReleasedField = 'pseudonym' | 'role' | 'context' | 'language' | 'name' | 'email';

/** What one tool asks of a school, and gets. */
export interface ToolReleases {
  /** Key of its registration. */
  key: string;
  name: string;
  /** What the registration asks. `members`: the list of a class. */
  asks: Record<WithheldField, boolean>;
  /** What the school does not let it have. Names and addresses go out only if the school releases them to tools at all. */
  withheld: WithheldField[];
  /** How often each field went out, by month (`2026-11`), the latest first; in lists of members, of how many people. */
  released: { month: string; way: 'launch' | 'members'; field: ReleasedField; times: number }[];
}

/** `lti.releases`. Holds no data about people. */
export interface ReleasesExport {
  /** The tools that are switched on, with what they ask of a school and got. At most 1,000 tools, and the latest 5,000 counts. */
  of(school: string): Promise<ToolReleases[]>;
  /**
   * Sets what a school does not let a tool have, from the next launch on.
   *
   * @throws Problem 404 if there is no such tool
   */
  withhold(school: string, key: string, fields: readonly WithheldField[]): Promise<void>;
}

export interface LtiExports {
  launches: Launches;
  gradebook: GradebookExport;
  releases: ReleasesExport;
}
