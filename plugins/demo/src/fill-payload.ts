import { z } from 'zod';

/** Payload of the job `fill`. */
export const fillPayload = z.object({ created: z.array(z.uuid()) });
