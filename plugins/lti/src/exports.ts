/** What other plugins may use of the LTI platform (`requires: { lti: '^0.1.0' }`). */

/** A contribution to `lti.registrations`: a tool that a plugin registers. */
export interface RegistrationContribution {
  /** Activities refer to the tool by this. */
  key: string;
  name: string;
  clientId: string;
  deploymentId: string;
  /** OIDC third-party initiated login (1EdTech Security Framework 1.0 §5.1.1.1). */
  loginUrl: string;
  /** HTTP method of the login initiation; default `GET`. */
  loginMethod?: 'GET' | 'POST';
  /** The addresses that may receive the id_token, compared character by character. At most 1,000. */
  redirectUris: string[];
  jwksUrl: string;
  /** Personal data that the tool asks for. It gets them only if the school releases them too. */
  release: { name: boolean; email: boolean };
}

export interface LaunchRequest {
  /** Key of the registration. */
  registration: string;
  targetLinkUri: string;
  /** Stable id of the placement: one step in one assignment. ASCII, 255 characters at most (LTI 1.3 Core §5.3.5). */
  resourceLinkId: string;
  title: string;
  /** The path as given to a class. */
  context: { id: string; title: string };
  /** Id of the school in which the launch takes place. */
  school: string;
  personId: string;
  role: 'Learner' | 'Instructor';
  /** Custom parameters. White space around values and runs of it inside them are removed. */
  custom: Record<string, string>;
  /** The line item of the placement; null: the placement is not scored. */
  lineItem: { label: string; scoreMaximum: number } | null;
  /** Path in the portal to return to. */
  returnPath: string;
}

/** `lti.launches` */
export interface Launches {
  /** Prepares a launch and returns the address that the person's browser must open (GET). Valid for two minutes, once. */
  start(request: LaunchRequest): Promise<{ url: string }>;
}

/** Payload of the event `lti.score-received` (AGS 2.0 §3.4); the plugin's index exports its zod schema `scoreReceived`. */
export interface ScoreReceived {
  school: string;
  resourceLinkId: string;
  personId: string;
  /**
   * Null: there is no score. May be greater than `scoreMaximum`. The final score only if `gradingProgress` is `FullyGraded`; a partial
   * value otherwise.
   */
  scoreGiven: number | null;
  scoreMaximum: number | null;
  activityProgress: 'Initialized' | 'Started' | 'InProgress' | 'Submitted' | 'Completed';
  gradingProgress: 'FullyGraded' | 'Pending' | 'PendingManual' | 'Failed' | 'NotReady';
  comment: string | null;
  /** When the score was given, by the tool's clock; ISO 8601 in UTC. */
  timestamp: string;
  /** When the person started and submitted the work, as far as the tool says (`submission`); ISO 8601 in UTC, by the tool's clock. */
  startedAt?: string | null | undefined;
  submittedAt?: string | null | undefined;
  /** Identifies the score, however often and in whatever order the event is delivered. Messages from older versions have none. */
  scoreId?: string | undefined;
  /** When the portal accepted the score, by the database's clock; ISO 8601 with microseconds. */
  receivedAt?: string | undefined;
}

/** A line item that a tool created for itself, with the results in it. */
export interface ToolColumn {
  id: string;
  label: string;
  /** The placement that it belongs to; null: the context as a whole. */
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
   * Withdraws the results of a person at a placement, as when a teacher resets a step: tools then read a result without a score
   * (AGS 2.0 §3.3), and scores up to the last timestamp stay refused.
   */
  withdraw(placement: { school: string; resourceLinkId: string; personId: string }): Promise<void>;
  /** The newest line items that tools created in a context, oldest first: at most 21, with at most 42,000 results in all. */
  columnsOf(school: string, contextId: string): Promise<ToolColumn[]>;
}

export interface LtiExports {
  launches: Launches;
  gradebook: GradebookExport;
}
