import { z } from 'zod';
import { assignment, pupil } from '../assignments/model.js';
import { maximumSteps } from '../paths/limits.js';
import { boardRow, boardStep, counts } from '../progress/model.js';

/** Maximum number of paths on the page of a class or a person; the newest are shown. */
export const mostLines = 50;
const mostPupils = 2_000;

/** A running path of a class, with the station at which each pupil is. */
export const classLine = assignment.extend({
  counts,
  stations: z.array(boardStep).max(maximumSteps),
  places: z
    .array(
      z.object({
        pupilId: z.uuid(),
        at: z
          .int()
          .min(0)
          .max(maximumSteps)
          .describe('Index of the station where the pupil goes on; the number of stations: at the end'),
        stuck: z.boolean(),
      }),
    )
    .max(mostPupils),
});
export type ClassLine = z.output<typeof classLine>;

export const pupilStatus = z
  .enum(['stuck', 'busy', 'todo', 'done', 'none'])
  .describe('Over all running paths: stuck on one; working on one; has begun none; has done all; has no path');
export type PupilStatus = z.output<typeof pupilStatus>;

export const classProgress = z.object({
  taught: z.boolean().describe('False: the caller does not teach this class, and everything else is empty'),
  lines: z.array(classLine).max(mostLines),
  more: z.boolean().describe('Whether there are more running paths than these'),
  pupils: z.array(pupil.extend({ status: pupilStatus, lastActiveAt: z.iso.datetime().nullable() })).max(mostPupils),
});
export type ClassProgress = z.output<typeof classProgress>;

/** A pupil's way along one path. */
export const pupilPath = boardRow
  .omit({ pupil: true })
  .extend({ assignment, steps: z.array(boardStep.omit({ done: true })).max(maximumSteps) });
export type PupilPath = z.output<typeof pupilPath>;

export const pupilProgress = z.object({
  taught: z.boolean().describe('False: the caller teaches no class of this person, and the list is empty'),
  paths: z.array(pupilPath).max(mostLines).describe('Running ones first, then by when they were given, newest first'),
  more: z.boolean(),
});
export type PupilProgress = z.output<typeof pupilProgress>;
