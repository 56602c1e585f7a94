import { z } from 'zod';

const assignment = z.object({ school: z.uuid(), assignmentId: z.uuid(), pathId: z.uuid(), classId: z.uuid() });
const step = z.object({ school: z.uuid(), assignmentId: z.uuid(), stepId: z.uuid(), pupilId: z.uuid() });

/** Payload schema of each event. Payloads contain only ids; docs/myway.md says when each event is published. */
export const events = {
  'assignment-given': assignment,
  'assignment-changed': assignment,
  'assignment-withdrawn': assignment,
  'step-done': step.extend({ doneBy: z.enum(['pupil', 'tool', 'teacher']) }),
  'step-reset': step,
  'path-finished': z.object({ school: z.uuid(), assignmentId: z.uuid(), pathId: z.uuid(), pupilId: z.uuid() }),
};
