import { z } from 'zod';

/** Live topics of this plugin: what changed, never what it is; the pages fetch that. */
export const topics = {
  /** The class board of an assignment. */
  board: { params: z.object({ assignmentId: z.uuid() }), payload: z.object({ kind: z.enum(['result', 'assignment']) }) },
  /** One pupil's own trail. */
  trail: { params: z.object({ assignmentId: z.uuid(), pupilId: z.uuid() }), payload: z.object({ kind: z.enum(['result']) }) },
};
