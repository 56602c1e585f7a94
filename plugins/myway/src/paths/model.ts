import { z } from 'zod';
import { text } from '../text.js';
import { maximumSteps } from './limits.js';
import { type Block, blocks, type StepContent, stepContent, stepKind, stepPlace } from './structure.js';

export const sequences = ['in-order', 'free'] as const;
export const sequence = z
  .enum(sequences)
  .describe('`in-order`: a step opens when the required ones before it are done; `free`: in any order');
export type Sequence = z.output<typeof sequence>;

export const audience = z
  .enum(['pupils', 'staff'])
  .describe('`staff`: colleagues follow it for themselves, and it is given to no class');

export const area = z
  .object({
    key: z.string().describe('Key of the learning area (`wiskunde`), which decides the colour of the line'),
    label: z.string().describe('The concept that most steps of this area share'),
  })
  .describe('Learning area of most steps');

export const title = text(200).min(1);
const description = text(5000);
const stepFields = {
  activityId: z.uuid().nullable().default(null).describe('An activity of the library; null if the step has `content`'),
  content: stepContent.nullable().default(null),
  title: title.nullable().default(null).describe('Instead of the title of the activity'),
  note: text(2000).default('').describe('What the teacher says to the pupil about this step'),
  required: z.boolean().default(true),
  ...stepPlace,
};

export const newPath = z.object({
  title,
  description: description.default(''),
  sequence: sequence.default('in-order'),
  school: z.uuid().optional().describe('Needed by whoever teaches in several schools'),
  activityIds: z.array(z.uuid()).max(maximumSteps).default([]),
});
export type NewPath = z.output<typeof newPath>;

export const pathContent = z.object({
  version: z.int().min(1).describe('The version that was edited; another one is there already: 409'),
  title,
  description,
  sequence,
  steps: z
    .array(
      z.object({
        id: z.uuid().optional().describe('A step that the path has or had; absent: a new one'),
        ref: z.string().min(1).max(40).optional().describe('What other members of this body call the step, if it has no id yet'),
        ...stepFields,
      }),
    )
    .max(maximumSteps),
  blocks: blocks.default([]),
});
export type PathContent = z.output<typeof pathContent>;

export type StepFields = Omit<PathContent['steps'][number], 'id' | 'ref'>;

export const newStep = z.object({
  activityId: z.uuid(),
  title: stepFields.title,
  note: stepFields.note,
  required: stepFields.required,
});
export type NewStep = z.output<typeof newStep>;

export const scopes = ['own', 'school', 'shared'] as const;

export const stepDetail = z.object({
  id: z.uuid(),
  activityId: z.uuid().nullable(),
  content: stepContent.nullable().describe('Of a step that is no activity'),
  title: z.string().nullable(),
  note: z.string(),
  required: z.boolean(),
  shownTitle: z.string(),
  language: z.string().nullable().describe('Of the activity (BCP 47)'),
  ...stepPlace,
  kind: stepKind.nullable().describe('Null: the activity is no longer in the library'),
  provider: z.string(),
  minutes: z.int().nullable(),
  teacherOnly: z.boolean().describe('Never shown to pupils'),
  available: z.boolean(),
  noLicence: z
    .boolean()
    .describe('It is not available because you may not use its tool: the school has no licence, or no seat for you'),
  notForPupils: z.boolean().describe('You may use its tool, and some of your pupils not: their licence has no seat for them'),
  linkBroken: z.boolean().describe('The website behind the link did not answer several times in a row'),
  area: z.string().nullable().describe('Key of the activity’s learning area, which decides the colour of its station'),
});
export type StepDetail = z.output<typeof stepDetail>;

export const pathSummary = z.object({
  id: z.uuid(),
  title: z.string(),
  description: z.string(),
  language: z.string().describe('Of title and description (BCP 47)'),
  scope: z.enum(scopes),
  owner: z.string().nullable().describe('Name of the colleague whose path it is'),
  editable: z.boolean(),
  colleaguesEdit: z.boolean().describe('Whether every teacher of the school may change it'),
  audience,
  sequence,
  version: z.int(),
  minutes: z.int().describe('Total of the durations that the activities state'),
  area: area.nullable(),
  steps: z.array(stepDetail.pick({ id: true, shownTitle: true, kind: true, required: true, area: true })).max(maximumSteps),
  updatedAt: z.iso.datetime(),
});
export type PathSummary = z.output<typeof pathSummary>;

export const pathDetail = pathSummary.extend({ steps: z.array(stepDetail).max(maximumSteps), blocks });
export type PathDetail = z.output<typeof pathDetail>;

export const savedPath = pathDetail.extend({
  merged: z.boolean().describe('Whether changes that somebody saved meanwhile are in it too'),
  added: z
    .array(z.object({ ref: z.string(), id: z.uuid() }))
    .max(maximumSteps)
    .describe('The ids of the new steps'),
});
export type SavedPath = z.output<typeof savedPath>;

export interface PathRow {
  id: string;
  school_id: string | null;
  owner_id: string | null;
  title: string;
  description: string;
  language: string;
  sequence: Sequence;
  version: number;
  blocks: Block[];
  colleagues_edit: boolean;
  audience: z.output<typeof audience>;
  source: string | null;
  source_id: string | null;
  updated_at: Date;
}

/** The columns of a {@link PathRow}. They are named in queries, because PostgreSQL must plan `*` anew each time. */
export const pathColumns = [
  'id',
  'school_id',
  'owner_id',
  'title',
  'description',
  'language',
  'sequence',
  'version',
  'blocks',
  'colleagues_edit',
  'audience',
  'source',
  'source_id',
  'updated_at',
] as const satisfies (keyof PathRow)[];

export interface StepRow {
  id: string;
  path_id: string;
  school_id: string | null;
  position: number;
  /** Null for a step with `content`. */
  activity_id: string | null;
  activity_title: string;
  content: StepContent | null;
  after: string[];
  block: string | null;
  arm: string | null;
  title: string | null;
  note: string;
  required: boolean;
  removed_at: Date | null;
}

/** The columns of a {@link StepRow}, as {@link pathColumns}. */
export const stepColumns = [
  'id',
  'path_id',
  'school_id',
  'position',
  'activity_id',
  'activity_title',
  'content',
  'after',
  'block',
  'arm',
  'title',
  'note',
  'required',
  'removed_at',
] as const satisfies (keyof StepRow)[];
