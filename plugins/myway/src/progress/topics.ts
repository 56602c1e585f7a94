import { z } from 'zod';

/** Live topics of this plugin. Messages only say what has changed; pages then fetch the data. */
export const topics = {
  /** The class board of an assignment. */
  board: { params: z.object({ assignmentId: z.uuid() }), payload: z.object({ kind: z.enum(['result', 'assignment']) }) },
  /** A pupil's trail. */
  trail: { params: z.object({ assignmentId: z.uuid(), pupilId: z.uuid() }), payload: z.object({ kind: z.enum(['result']) }) },
  /** A path in the builder. `people`: somebody opened or left it, or looks at another step. */
  path: { params: z.object({ pathId: z.uuid() }), payload: z.object({ kind: z.enum(['content', 'people']) }) },
};
