import { z } from 'zod';
import { text } from '../text.js';
import { maximumSteps } from './limits.js';

export const sequences = ['in-order', 'free'] as const;
export const sequence = z
  .enum(sequences)
  .describe('`in-order`: a step opens when the required ones before it are done; `free`: in any order');
export type Sequence = z.output<typeof sequence>;

export const activityKind = z.enum(['lti', 'link', 'text']);

export const area = z
  .object({
    key: z.string().describe('Key of the learning area (`wiskunde`), which decides the colour of the line'),
    label: z.string().describe('The concept that most steps of this area share'),
  })
  .describe('Learning area of most steps');

export const title = text(200).min(1);
const description = text(5000);
const stepFields = {
  activityId: z.uuid(),
  title: title.nullable().default(null).describe('Instead of the title of the activity'),
  note: text(2000).default('').describe('What the teacher says to the pupil about this step'),
  required: z.boolean().default(true),
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
    .array(z.object({ id: z.uuid().optional().describe('A step that the path has or had; absent: a new one'), ...stepFields }))
    .max(maximumSteps),
});
export type PathContent = z.output<typeof pathContent>;

export const newStep = z.object(stepFields);
export type NewStep = z.output<typeof newStep>;

export const scopes = ['own', 'school', 'shared'] as const;

export const stepDetail = z.object({
  id: z.uuid(),
  activityId: z.uuid(),
  title: z.string().nullable(),
  note: z.string(),
  required: z.boolean(),
  shownTitle: z.string(),
  language: z.string().nullable().describe('Of the activity (BCP 47)'),
  kind: activityKind.nullable().describe('Null: the activity is no longer in the library'),
  provider: z.string(),
  minutes: z.int().nullable(),
  teacherOnly: z.boolean().describe('Never shown to pupils'),
  available: z.boolean(),
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
  sequence,
  version: z.int(),
  minutes: z.int().describe('Total of the durations that the activities state'),
  area: area.nullable(),
  steps: z.array(stepDetail.pick({ id: true, shownTitle: true, kind: true, required: true, area: true })).max(maximumSteps),
  updatedAt: z.iso.datetime(),
});
export type PathSummary = z.output<typeof pathSummary>;

export const pathDetail = pathSummary.extend({ steps: z.array(stepDetail).max(maximumSteps) });
export type PathDetail = z.output<typeof pathDetail>;

export interface PathRow {
  id: string;
  school_id: string | null;
  owner_id: string | null;
  title: string;
  description: string;
  language: string;
  sequence: Sequence;
  version: number;
  source: string | null;
  source_id: string | null;
  updated_at: Date;
}

export interface StepRow {
  id: string;
  path_id: string;
  school_id: string | null;
  position: number;
  activity_id: string;
  activity_title: string;
  title: string | null;
  note: string;
  required: boolean;
  removed_at: Date | null;
}
