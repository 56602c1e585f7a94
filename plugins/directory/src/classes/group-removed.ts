import { z } from 'zod';

/** Schema of the event `directory.group-removed`: nobody has the group any more. */
export const groupRemoved = z.object({ school: z.uuid(), groupId: z.uuid() });
