import { z } from 'zod';

/** Schema of the event `directory.group-removed`: a group is no longer there for anybody. */
export const groupRemoved = z.object({ school: z.uuid(), groupId: z.uuid() });
