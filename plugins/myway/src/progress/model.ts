import { z } from 'zod';
import { assignment, pupil } from '../assignments/model.js';
import { maximumSteps, mostExtra } from '../paths/limits.js';
import { stepKind } from '../paths/structure.js';
import { text } from '../text.js';
import { marking, score, stepState } from '../trail/model.js';

export const stuck = z
  .enum(['waiting', 'trying'])
  .describe('`waiting`: started long ago and not finished; `trying`: several tries, none good enough');

export const cell = z.object({
  stepId: z.uuid(),
  state: stepState,
  locked: z.boolean().describe('Earlier steps come first'),
  away: z.boolean().describe('On another way than the pupil’s, or on one that is not decided yet'),
  next: z.boolean(),
  score: score.nullable(),
  marking: marking.nullable(),
  low: z.boolean().describe('Scored, and below what counts as good enough'),
  tries: z.int(),
  stuck: stuck.nullable(),
  skipped: z.boolean().describe('A teacher decided that the pupil need not do it'),
  ownScore: z.boolean().describe('The score is a teacher’s own'),
  other: z.boolean().describe('The pupil does another activity in the place of that of the step'),
  lastActiveAt: z.iso.datetime().nullable(),
});
export type Cell = z.output<typeof cell>;

export const boardRow = z.object({
  pupil,
  cells: z.array(cell).max(maximumSteps).describe('In the order of the steps'),
  extra: z
    .array(cell.extend({ title: z.string() }))
    .max(mostExtra)
    .describe('Steps that only this pupil has, in their order'),
  done: z.int(),
  total: z.int(),
  complete: z.boolean(),
  stuck: z.boolean(),
  lastActiveAt: z.iso.datetime().nullable(),
});
export type BoardRow = z.output<typeof boardRow>;

export const boardStep = z.object({
  id: z.uuid(),
  title: z.string(),
  language: z.string().nullable().describe('Of the title, where it is that of the activity (BCP 47)'),
  kind: stepKind.nullable(),
  area: z.string().nullable().describe('Key of the activity’s learning area, which decides the colour of its station'),
  required: z.boolean(),
  available: z.boolean(),
  linkBroken: z.boolean().describe('The website behind the link did not answer several times in a row'),
  done: z.int().describe('Pupils who have done it'),
});
export type BoardStep = z.output<typeof boardStep>;

export const board = z.object({
  assignment,
  steps: z.array(boardStep).max(maximumSteps),
  rows: z.array(boardRow).max(2_000),
  siblings: z
    .array(z.object({ id: z.uuid(), name: z.string() }))
    .max(100)
    .describe(
      'The running assignments of the same path to classes of the teacher, by class name, this one included; none for machines',
    ),
  at: z.iso.datetime().describe('When this was read'),
});
export type Board = z.output<typeof board>;

export const counts = z.object({
  pupils: z.int(),
  complete: z.int().describe('Pupils who have done all required steps'),
  busy: z.int().describe('Pupils who have started and not done all required steps'),
  notStarted: z.int(),
  stuck: z.int(),
  low: z.int().describe('Pupils with a low score'),
});
export type Counts = z.output<typeof counts>;

export const followed = assignment.extend({ counts, stations: z.array(boardStep).max(maximumSteps) });
export type Followed = z.output<typeof followed>;

export const triesPage = z.object({
  attempts: z
    .array(score.extend({ at: z.iso.datetime(), comment: z.string().nullable().describe('Null for machines') }))
    .max(100)
    .describe('Graded tries, newest first'),
  older: z.uuid().nullable().describe('Where older tries begin (`before`); null: there are none'),
});
export type TriesPage = z.output<typeof triesPage>;

export const pupilDetail = z.object({
  assignment,
  row: boardRow.extend({
    cells: z
      .array(cell)
      .max(maximumSteps + mostExtra)
      .describe('In the order of the steps, those of this pupil only included'),
  }),
  steps: z
    .array(
      boardStep.extend({
        state: stepState,
        doneBy: z.enum(['pupil', 'tool', 'teacher']).nullable(),
        startedAt: z.iso.datetime().nullable(),
        doneAt: z.iso.datetime().nullable(),
        comment: z.string().nullable().describe('The tool’s comment on the work, as the pupil sees it; null for machines'),
        teacherNote: z.string().nullable().describe('What a teacher wrote about it, as the pupil sees it; null for machines'),
        unlocked: z.boolean().describe('A teacher opened it before its turn'),
        activityId: z.uuid().nullable().describe('Of the step'),
        extra: z.boolean().describe('Only this pupil has the step'),
        other: z.string().nullable().describe('Title of the activity that the pupil does in its place'),
        ...triesPage.shape,
      }),
    )
    .max(maximumSteps + mostExtra),
});
export type PupilDetail = z.output<typeof pupilDetail>;

/** For machines, which get results and nothing that somebody wrote about a pupil. */
export const withoutComments = <T extends TriesPage>(page: T): T => ({
  ...page,
  attempts: page.attempts.map((each) => ({ ...each, comment: null })),
});
export const withoutWords = ({ steps, ...rest }: PupilDetail): PupilDetail => ({
  ...rest,
  steps: steps.map((step) => ({ ...withoutComments(step), comment: null, teacherNote: null })),
});

/** What a teacher decides for one pupil at one step. */
export const override = z
  .strictObject({
    skipped: z.boolean().optional().describe('The pupil need not do it: it counts as done'),
    unlocked: z.boolean().optional().describe('Open it before its turn'),
    score: z
      .strictObject({ given: z.number().min(0).max(1_000_000), maximum: z.number().positive().max(1_000_000) })
      .refine(({ given, maximum }) => given <= maximum, { path: ['given'], error: 'must not be more than the maximum' })
      .nullable()
      .optional()
      .describe('The teacher’s own score, which completes the step; null: that of the tool again'),
    activityId: z
      .uuid()
      .nullable()
      .optional()
      .describe('An easier or harder activity in the place of that of the step, for this pupil; null: that of the step again'),
    note: text(2000).nullable().optional().describe('For the pupil; null or empty: removed'),
  })
  .refine((change) => Object.keys(change).length > 0, 'Name skipped, unlocked, score, activityId or note.');

export const newMessage = z.strictObject({
  pupilIds: z.array(z.uuid()).min(1).max(500),
  text: text(500).min(1),
});

export const groupFromResults = z.strictObject({
  name: text(100).min(1),
  stepId: z.uuid(),
  share: z.number().min(0).max(1).describe('Of the maximum score'),
  side: z.enum(['below', 'from']).describe('Pupils with a score below it, or with that score or a higher one'),
});

/** Maximum number of columns of tools in a table; the newest are shown. */
export const mostToolColumns = 20;

export const toolResults = z.object({
  columns: z
    .array(z.object({ id: z.uuid(), label: z.string(), stepTitle: z.string().nullable().describe('Null: not of one step') }))
    .max(mostToolColumns),
  rows: z
    .array(
      z.object({
        pupil,
        cells: z
          .array(z.object({ score: score.nullable(), pending: z.boolean().describe('Still to be marked') }))
          .max(mostToolColumns)
          .describe('In the order of the columns'),
      }),
    )
    .max(2_000),
  more: z.boolean().describe('Whether there are older columns'),
});
export type ToolResults = z.output<typeof toolResults>;
