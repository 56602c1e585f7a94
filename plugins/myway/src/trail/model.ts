import { z } from 'zod';
import { maximumSteps, mostBlocks, mostOptions, mostQuestions } from '../paths/limits.js';
import { area, sequence } from '../paths/model.js';
import { stepKind } from '../paths/structure.js';

export const stepState = z.enum(['todo', 'started', 'done']);

const ofStep = { stepId: z.uuid(), title: z.string().describe('Of the step to do, or whose score is awaited') };
const ofBlock = { blockId: z.string(), title: z.string().describe('Of the block') };
export const lock = z
  .discriminatedUnion('reason', [
    z.object({ reason: z.literal('previous'), ...ofStep }),
    z.object({ reason: z.literal('again'), ...ofStep }).describe('The step is to be done again first'),
    z.object({ reason: z.literal('score'), ...ofStep }).describe('The way depends on the score of a step'),
    z.object({ reason: z.literal('marking'), ...ofStep }).describe('The way depends on a score that is still to be given'),
    z.object({ reason: z.literal('choice'), ...ofBlock, left: z.int().describe('Steps of the block that are still to be done') }),
    z.object({ reason: z.literal('teacher'), ...ofBlock }).describe('The teacher chooses the way first'),
    z.object({ reason: z.literal('other-way') }).describe('It is on another way than the pupil’s'),
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
  kind: stepKind.nullable(),
  activityId: z.uuid().nullable(),
  area: z.string().nullable().describe('Key of the activity’s learning area, which decides the colour of its station'),
  note: z.string(),
  required: z.boolean(),
  minutes: z.int().nullable(),
  linkBroken: z.boolean().describe('The website behind the link did not answer several times in a row'),
  state: stepState,
  lock: lock.nullable(),
  next: z.boolean().describe('The one step to do now'),
  block: z.string().nullable().describe('Id of the block that the step is in'),
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

export const trailBlock = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('choice'),
      id: z.string(),
      title: z.string(),
      pick: z.int().describe('Number of its steps to do'),
      done: z.int(),
    }),
    z.object({
      kind: z.literal('branch'),
      id: z.string(),
      title: z.string(),
      lock: lock.describe('What decides the way'),
      position: z.int().describe('Number of the steps before it'),
    }),
  ])
  .describe('A choice, or a branch whose way is not decided yet; of a branch that is decided, the pupil sees only the steps');
export type TrailBlock = z.output<typeof trailBlock>;

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
  blocks: z.array(trailBlock).max(mostBlocks),
});
export type Trail = z.output<typeof trail>;

/** A path as a pupil sees it at the start, for the preview. */
export const preview = trail.omit({ assignmentId: true, className: true, dueOn: true });
export type Preview = z.output<typeof preview>;

/** A pupil that a teacher imagines, as a query: how far, with which scores, on which ways. */
export const imagined = z.object({
  results: z
    .string()
    .max(6_000)
    .regex(/^([0-9a-f-]{36}:(started|done)(:[01](\.\d{1,2})?)?(,|$))*$/)
    .default('')
    .describe('Steps with their state and share of the maximum score: `id:started,id:done,id:done:0.3`'),
  choices: z
    .string()
    .max(2_000)
    .regex(/^([a-z0-9-]{1,40}:[a-z0-9-]{1,40}(,|$))*$/)
    .default('')
    .describe('Branches with the way that the teacher chose: `block:way,block:way`'),
});
export type Imagined = z.output<typeof imagined>;

/** A question of a quiz without its answer. */
export const askedQuestion = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('choice'),
    text: z.string(),
    options: z.array(z.string()).max(mostOptions),
    several: z.boolean().describe('Whether more than one option is right'),
  }),
  z.object({ kind: z.enum(['number', 'word']), text: z.string() }),
]);
export type AskedQuestion = z.output<typeof askedQuestion>;

export const opened = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('lti'), url: z.string().describe('Address that starts the launch; open it in the same tab') }),
  z.object({ kind: z.literal('link'), url: z.string().describe('A web address, or the path of a page of the portal') }),
  z.object({ kind: z.literal('text'), markdown: z.string(), language: z.string().nullable() }),
  z.object({ kind: z.literal('task'), text: z.string(), maximum: z.number().nullable() }),
  z.object({ kind: z.literal('moment'), text: z.string() }),
  z.object({ kind: z.literal('quiz'), questions: z.array(askedQuestion).max(mostQuestions) }),
]);
export type Opened = z.output<typeof opened>;
