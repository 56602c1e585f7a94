import { z } from 'zod';

/** Schema of the event `directory.group-removed`. */
export const groupRemoved = z.object({ school: z.uuid(), groupId: z.uuid() });
