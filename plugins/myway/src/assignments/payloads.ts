import { z } from 'zod';

/** Payload of each job of this plugin. */
export const payloads = {
  'announce-begun': z.object({}),
  'tell-handed-in': z.object({ assignmentId: z.uuid() }),
};
