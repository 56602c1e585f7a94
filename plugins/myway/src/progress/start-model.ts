import { z } from 'zod';
import { pupil } from '../assignments/model.js';
import { stuck } from './model.js';

const place = {
  assignmentId: z.uuid(),
  title: z.string(),
  language: z.string().nullable().describe('Of the title (BCP 47)'),
  className: z.string(),
};

export const stuckPupil = z.object({
  assignmentId: z.uuid(),
  stepId: z.uuid(),
  pupil,
  stepTitle: z.string(),
  language: z.string().nullable().describe('Of the title (BCP 47)'),
  className: z.string(),
  why: stuck,
  tries: z.int(),
});
export type StuckPupil = z.output<typeof stuckPupil>;

export const arrived = z.object({
  ...place,
  steps: z.int().describe('Finished in the last days'),
  pupils: z.int(),
  low: z.int().describe('Steps with a low score'),
  latest: z.iso.datetime(),
});
export type Arrived = z.output<typeof arrived>;

export const ending = z.object({
  ...place,
  dueOn: z.iso.date(),
  pupils: z.int(),
  complete: z.int(),
  notStarted: z.int(),
});
export type Ending = z.output<typeof ending>;

/** Numbers of a year of a school; nothing about single pupils. */
export const yearActivity = z.object({
  year: z.int().nullable().describe('The number with which the names of its classes begin; null: those without'),
  classes: z.int(),
  activeClasses: z.int().describe('With at least one pupil who worked this week'),
  pupils: z.int(),
  activePupils: z.int(),
});
export type YearActivity = z.output<typeof yearActivity>;
