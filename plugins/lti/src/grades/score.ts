import { z } from 'zod';
import { moment } from './moment.js';

export const scoreType = 'application/vnd.ims.lis.v1.score+json';

export const activityProgress = z.enum(['Initialized', 'Started', 'InProgress', 'Submitted', 'Completed']);
export const gradingProgress = z.enum(['FullyGraded', 'Pending', 'PendingManual', 'Failed', 'NotReady']);

/** What a tool sends (AGS 2.0 §3.4); members of other specifications are ignored. */
export const scoreInput = z
  .object({
    userId: z
      .string()
      .min(1)
      .max(255)
      .regex(/^[^\0]*$/, 'must not hold a NUL character'),
    activityProgress,
    gradingProgress,
    /** With a time zone; a fraction of a second keeps scores apart that follow each other closely. */
    timestamp: moment,
    scoreGiven: z.number().min(0, 'must not be negative').nullish(),
    scoreMaximum: z.number().positive('must be greater than 0').nullish(),
    comment: z
      .string()
      .max(10_000)
      .regex(/^[^\0]*$/, 'must not hold a NUL character')
      .nullish(),
  })
  .superRefine(({ scoreGiven, scoreMaximum }, context) => {
    if (typeof scoreGiven === 'number' && typeof scoreMaximum !== 'number') {
      context.addIssue({ code: 'custom', path: ['scoreMaximum'], message: 'is required with scoreGiven' });
    }
  });

export type ScoreInput = z.output<typeof scoreInput>;

/** Schema of the event `lti.score-received`. */
export const scoreReceived = z.object({
  school: z.uuid(),
  resourceLinkId: z.string(),
  personId: z.uuid(),
  scoreGiven: z.number().nullable(),
  scoreMaximum: z.number().nullable(),
  activityProgress,
  gradingProgress,
  comment: z.string().nullable(),
  timestamp: z.string(),
  scoreId: z.uuid().optional(),
  receivedAt: z.string().optional(),
});
