import { z } from 'zod';

/** Live topics of this plugin. Messages only say what has changed; pages then fetch the data. */
export const topics = {
  /** The class board of an assignment. */
  board: { params: z.object({ assignmentId: z.uuid() }), payload: z.object({ kind: z.enum(['result', 'assignment']) }) },
  /** A pupil's trail. */
  trail: { params: z.object({ assignmentId: z.uuid(), pupilId: z.uuid() }), payload: z.object({ kind: z.enum(['result']) }) },
};
