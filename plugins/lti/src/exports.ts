/** What other plugins may use of the LTI platform (`requires: { lti: '^0.1.0' }`). */

/** A contribution to `lti.registrations`: a tool known from the portal's configuration. */
export interface RegistrationContribution {
  /** Name by which activities refer to it. */
  key: string;
  name: string;
  clientId: string;
  deploymentId: string;
  /** OIDC third-party initiated login (1EdTech Security Framework 1.0 §5.1.1.1). */
  loginUrl: string;
  /** How the browser is brought there; default `GET`. */
  loginMethod?: 'GET' | 'POST';
  /** Exact addresses that may receive the id_token. */
  redirectUris: string[];
  jwksUrl: string;
  /** Ask the school to release name and e-mail; both are false unless the school allows it too. */
  release: { name: boolean; email: boolean };
}

export interface LaunchRequest {
  /** Key of the registration. */
  registration: string;
  targetLinkUri: string;
  /** Stable id of the placement: one step in one assignment. ASCII, 255 characters at most (LTI 1.3 Core §5.3.5). */
  resourceLinkId: string;
  title: string;
  /** Where the placement lives: the path as given to a class. */
  context: { id: string; title: string };
  /** The school in whose name is launched. */
  school: string;
  personId: string;
  role: 'Learner' | 'Instructor';
  custom: Record<string, string>;
  /** Line item that goes with the placement; none: nothing is scored. */
  lineItem: { label: string; scoreMaximum: number } | null;
  /** Path in the portal to come back to. */
  returnPath: string;
}

/** `lti.launches` */
export interface Launches {
  /** Prepares a launch for the person and returns the address that the browser must open (GET). Valid for two minutes, once. */
  start(request: LaunchRequest): Promise<{ url: string }>;
}

/** Payload of the event `lti.score-received` (AGS 2.0 §3.4); the plugin's index exports its zod schema `scoreReceived`. */
export interface ScoreReceived {
  school: string;
  resourceLinkId: string;
  personId: string;
  /** Null: progress without a score. */
  scoreGiven: number | null;
  scoreMaximum: number | null;
  activityProgress: 'Initialized' | 'Started' | 'InProgress' | 'Submitted' | 'Completed';
  gradingProgress: 'FullyGraded' | 'Pending' | 'PendingManual' | 'Failed' | 'NotReady';
  comment: string | null;
  /** ISO 8601, from the tool. */
  timestamp: string;
  /** Names the score, however often and in whatever order the event is delivered. Messages from older versions have none. */
  scoreId?: string | undefined;
  /** When the portal accepted the score, by the database's clock; ISO 8601 with microseconds. */
  receivedAt?: string | undefined;
}

export interface LtiExports {
  launches: Launches;
}
