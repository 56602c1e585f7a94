import { z } from 'zod';
import { refusalCodes } from './refusal.js';

/** Schema of the event `lti.launch-failed`: a launch was refused, or was not used before it expired. */
export const launchFailed = z.object({
  school: z.uuid(),
  launchId: z.uuid(),
  /** Id of the tool's registration. */
  registrationId: z.uuid(),
  personId: z.uuid(),
  /** The placement, as given to `lti.launches.start`. */
  resourceLinkId: z.string(),
  reason: z.enum(refusalCodes),
});

export type LaunchFailed = z.output<typeof launchFailed>;
