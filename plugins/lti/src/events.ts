import { scoreReceived } from './grades/score.js';
import { launchFailed } from './launches/launch-failed.js';
import { launched } from './launches/launched.js';

/** Payload schema of each event; docs/lti.md says when each is published. */
export const events = { 'score-received': scoreReceived, 'launch-failed': launchFailed, launched };
