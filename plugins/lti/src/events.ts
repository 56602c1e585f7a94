import { scoreReceived } from './grades/score.js';
import { launchFailed } from './launches/launch-failed.js';

/** Schema of the payload by event; docs/lti.md tells when each is published. */
export const events = { 'score-received': scoreReceived, 'launch-failed': launchFailed };
