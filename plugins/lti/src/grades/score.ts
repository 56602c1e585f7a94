import { z } from 'zod';
import { timestamp } from './timestamp.js';

export const scoreType = 'application/vnd.ims.lis.v1.score+json';

export const activityProgress = z.enum(['Initialized', 'Started', 'InProgress', 'Submitted', 'Completed']);
export const gradingProgress = z.enum(['FullyGraded', 'Pending', 'PendingManual', 'Failed', 'NotReady']);

/** A score is final only in this state; in every other state it is partial (AGS 2.0 §3.4, gradingProgress). */
export const finalGrading = 'FullyGraded' satisfies z.output<typeof gradingProgress>;

/** PostgreSQL cannot store NUL. */
const text = (longest: number) =>
  z
    .string()
    .max(longest)
    .regex(/^[^\0]*$/, 'must not contain a NUL character');

/** Body of a score (AGS 2.0 §3.4). Unknown members are ignored. */
export const scoreInput = z
  .object({
    userId: text(255).min(1),
    activityProgress,
    gradingProgress,
    timestamp,
    scoreGiven: z.number().min(0, 'must not be negative').nullish(),
    scoreMaximum: z.number().positive('must be greater than 0').nullish(),
    comment: text(10_000).nullish(),
    /** When the user worked; `timestamp` is when the score was given. */
    submission: z.object({ startedAt: timestamp.nullish(), submittedAt: timestamp.nullish() }).nullish(),
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
  startedAt: z.string().nullish(),
  submittedAt: z.string().nullish(),
  scoreId: z.uuid().optional(),
  receivedAt: z.string().optional(),
});
