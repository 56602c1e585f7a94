import { z } from 'zod';
import { area, pathSummary } from '../paths/model.js';
import { mostClassesAtOnce } from './limits.js';

export const newAssignment = z.object({
  classId: z.uuid().describe('A class or group that the teacher teaches'),
  pupilIds: z.array(z.uuid()).min(1).max(500).optional().describe('Only these pupils of the class; absent: the whole class'),
  beginsOn: z.iso.date().nullable().default(null).describe('Pupils see it from this day on, in the time zone of their school'),
  dueOn: z.iso.date().nullable().default(null),
});

export const newAssignments = z.strictObject({
  classIds: z.array(z.uuid()).min(1).max(mostClassesAtOnce),
  beginsOn: newAssignment.shape.beginsOn,
  dueOn: newAssignment.shape.dueOn,
});

export const assignmentChange = z
  .object({
    beginsOn: z.iso.date().nullable().optional(),
    dueOn: z.iso.date().nullable().optional(),
    ended: z.boolean().optional().describe('Ended: pupils see it no more, results stay'),
  })
  .refine((change) => Object.values(change).some((value) => value !== undefined), 'Name beginsOn, dueOn or ended.');

export const classSummary = z.object({
  id: z.uuid(),
  name: z.string(),
  schoolYear: z.string(),
  kind: z.enum(['class', 'group']),
  pupils: z.int(),
});

export type ClassSummary = z.output<typeof classSummary>;

export const pupil = z.object({ id: z.uuid(), givenName: z.string(), familyName: z.string() });
export type Pupil = z.output<typeof pupil>;

export const assignment = z.object({
  id: z.uuid(),
  path: pathSummary.pick({ id: true, title: true, language: true, sequence: true }),
  area: area.nullable(),
  class: z.object({ id: z.uuid(), name: z.string(), kind: z.enum(['class', 'group']) }),
  wholeClass: z.boolean(),
  beginsOn: z.iso.date().nullable(),
  dueOn: z.iso.date().nullable(),
  endedAt: z.iso.datetime().nullable(),
  createdAt: z.iso.datetime(),
});
export type Assignment = z.output<typeof assignment>;

export interface AssignmentRow {
  id: string;
  school_id: string;
  path_id: string;
  class_id: string;
  whole_class: boolean;
  /** `yyyy-mm-dd` */
  begins_on: string | null;
  /** `yyyy-mm-dd` */
  due_on: string | null;
  ended_at: Date | null;
  created_at: Date;
}

/** An assignment of anybody: of a class, or of a colleague (`learner_id`) who follows the path for themselves. */
export type FollowedRow = Omit<AssignmentRow, 'class_id'> & { class_id: string | null; learner_id: string | null };
