import { z } from 'zod';

const assignment = z.object({ school: z.uuid(), assignmentId: z.uuid(), pathId: z.uuid(), classId: z.uuid() });
const step = z.object({ school: z.uuid(), assignmentId: z.uuid(), stepId: z.uuid(), pupilId: z.uuid() });

/** Payload schema of each event. Payloads contain only ids; docs/myway.md says when each event is published. */
export const events = {
  /** `givenBy`: absent in messages from older versions, and where an ended assignment goes on. */
  'assignment-given': assignment.extend({ givenBy: z.uuid().nullish() }),
  'assignment-changed': assignment,
  'assignment-withdrawn': assignment,
  'step-done': step.extend({ doneBy: z.enum(['pupil', 'tool', 'teacher']) }),
  'step-reset': step,
  'path-made': z.object({ school: z.uuid(), pathId: z.uuid(), ownerId: z.uuid() }),
  /** A graded attempt counted. `activityId`: null for a step that is no activity. */
  'attempt-scored': z.object({
    school: z.uuid(),
    pupilId: z.uuid(),
    activityId: z.uuid().nullable(),
    given: z.number(),
    maximum: z.number(),
  }),
  'path-finished': z.object({ school: z.uuid(), assignmentId: z.uuid(), pathId: z.uuid(), pupilId: z.uuid() }),
};
