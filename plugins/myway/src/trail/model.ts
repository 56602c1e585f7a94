import { z } from 'zod';
import { maximumSteps } from '../paths/limits.js';
import { activityKind, area, sequence } from '../paths/model.js';

export const stepState = z.enum(['todo', 'started', 'done']);

export const lock = z
  .discriminatedUnion('reason', [
    z.object({ reason: z.literal('previous'), stepId: z.uuid(), title: z.string().describe('The step to do first') }),
    z.object({ reason: z.literal('unavailable') }),
  ])
  .describe('Why the step cannot be opened');

export const score = z.object({ given: z.number(), maximum: z.number() });

export const marking = z
  .enum(['pending', 'failed'])
  .describe('Why there is no final score: `pending`, it is still to be marked; `failed`, the tool could not mark it');
export type Marking = z.output<typeof marking>;

export const trailStep = z.object({
  id: z.uuid(),
  title: z.string(),
  language: z.string().nullable().describe('Of the title, where it is that of the activity (BCP 47)'),
  kind: activityKind.nullable(),
  area: z.string().nullable().describe('Key of the activity’s learning area, which decides the colour of its station'),
  note: z.string(),
  required: z.boolean(),
  minutes: z.int().nullable(),
  state: stepState,
  lock: lock.nullable(),
  next: z.boolean().describe('The one step to do now'),
  score: score.nullable(),
  low: z.boolean().describe('Scored, and below what counts as good enough'),
  tries: z.int().describe('Graded attempts'),
  marking: marking.nullable(),
  comment: z.string().nullable().describe('The tool’s comment on the work, as plain text'),
  skipped: z.boolean().describe('A teacher decided that the pupil need not do it; it counts as done'),
  ownScore: z.boolean().describe('The score is a teacher’s own'),
  teacherNote: z.string().nullable().describe('What a teacher wrote about it'),
});
export type TrailStep = z.output<typeof trailStep>;

export const trail = z.object({
  assignmentId: z.uuid(),
  title: z.string(),
  description: z.string(),
  language: z.string().describe('Of title and description (BCP 47)'),
  className: z.string(),
  dueOn: z.iso.date().nullable(),
  sequence,
  area: area.nullable(),
  total: z.int().describe('Steps that count: required and available'),
  done: z.int(),
  complete: z.boolean(),
  steps: z.array(trailStep).max(maximumSteps),
});
export type Trail = z.output<typeof trail>;

/** A path as a pupil sees it at the start, for the preview. */
export const preview = trail.omit({ assignmentId: true, className: true, dueOn: true });
export type Preview = z.output<typeof preview>;

export const opened = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lti'), url: z.string().describe('Address that starts the launch; open it in the same tab') }),
  z.object({ kind: z.literal('link'), url: z.string().describe('A web address, or the path of a page of the portal') }),
  z.object({ kind: z.literal('text'), markdown: z.string(), language: z.string().nullable() }),
]);
export type Opened = z.output<typeof opened>;
