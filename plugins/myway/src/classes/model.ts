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

/** Topics and weeks that are shown. */
export const mostTopics = 200;
export const mostWeeks = 26;

/** What pupils did for one topic of the curriculum, in whatever tool. */
export const topicProgress = z.object({
  uri: z.string(),
  label: z.string(),
  isGoal: z.boolean().describe('An onderwijsdoel'),
  activities: z.int().describe('Activities on it that a pupil began'),
  pupils: z.int().describe('Pupils who have done at least one'),
  done: z.int().describe('Steps done'),
  scored: z.int(),
  average: z.number().nullable().describe('Average share of the maximum score, at most 1; null without scores'),
  low: z.int().describe('Steps with a score below what counts as good enough'),
});
export type TopicProgress = z.output<typeof topicProgress>;

export const topicList = z.object({
  taught: z.boolean().describe('False: the caller does not teach them, and the list is empty'),
  topics: z.array(topicProgress).max(mostTopics).describe('Onderwijsdoelen first, then those with most steps'),
  more: z.boolean(),
});
export type TopicList = z.output<typeof topicList>;

/** One week of a pupil. */
export const pupilWeek = z.object({
  monday: z.iso.date(),
  done: z.int().describe('Steps done'),
  tries: z.int().describe('Graded attempts'),
  average: z.number().nullable().describe('Average share of the maximum score of the attempts, at most 1; null without'),
});
export type PupilWeek = z.output<typeof pupilWeek>;

export const pupilWeeks = z.object({
  taught: z.boolean().describe('False: the caller does not teach the pupil, and the list is empty'),
  weeks: z.array(pupilWeek).max(mostWeeks).describe('From the first with work to this week, oldest first, without gaps'),
});
export type PupilWeeks = z.output<typeof pupilWeeks>;

export const pupilProgress = z.object({
  taught: z.boolean().describe('False: the caller teaches no class of this person, and the list is empty'),
  paths: z.array(pupilPath).max(mostLines).describe('Running ones first, then by when they were given, newest first'),
  more: z.boolean(),
});
export type PupilProgress = z.output<typeof pupilProgress>;
