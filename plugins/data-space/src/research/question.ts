import { createHash } from 'node:crypto';
import { isStorableDay } from '@ilearn/core';
import { levels, type Period, periodOf, regions } from '@ilearn/plugin-cube';
import { z } from 'zod';
import { groupings, measures } from '../activity/activity.js';
import { sensitivityOf } from '../statistics/contributions.js';
import { halfWidth95 } from '../statistics/discrete-laplace.js';
import type { Rational } from '../statistics/rational.js';

/** Of ε and δ: integers count 10⁻⁹. */
export const unit = 1_000_000_000;

/** The budget of one question: between a thousandth and 10. */
const epsilon = z
  .int()
  .min(unit / 1_000)
  .max(10 * unit);

/** A question about the pupils of a period that is over: how many, or how much they did together, by group. */
export const question = z
  .strictObject({
    measure: z.enum(measures),
    by: z.enum(groupings),
    grain: z.enum(['month', 'year']),
    /** First day of the month, or of the school year. */
    startsOn: z.iso.date().refine(isStorableDay, 'Give a day from the year 1 on.'),
    /** In how many groups one pupil counts at most. */
    groups: z.int().min(1).max(20),
    /** How much of one pupil counts in a group at most. */
    most: z.int().min(1).max(1_000),
    epsilon,
    /** Only for tools, whose names are not told unless enough pupils used them. */
    delta: z.int().min(0).max(1_000),
  })
  .superRefine((asked, context) => {
    const issue = (path: string, message: string) => context.addIssue({ code: 'custom', path: [path], message });
    const { measure, by, grain, startsOn, most, delta } = asked;
    if (periodOf(grain, startsOn).startsOn !== startsOn)
      issue('startsOn', `Give the first day of a ${grain === 'month' ? 'month' : 'school year'}.`);
    if (measure === 'pupils' && most !== 1) issue('most', 'A pupil counts once: give 1.');
    if (measure === 'steps-done' && by === 'tool') issue('by', 'Steps are not counted by tool.');
    if (by === 'tool' ? delta === 0 : delta !== 0)
      issue('delta', by === 'tool' ? 'Give at least 1: without delta no tool can be named.' : 'Give 0: the groups are public.');
  });

export type Question = z.output<typeof question>;

/** A value with noise. It may be negative: to cut it off would make sums of values too large. */
export interface GroupValue {
  group: string;
  value: number;
}

export const periodOfQuestion = ({ grain, startsOn }: Question): Period => periodOf(grain, startsOn);

/** The same for the same question, whoever asks and however it is written. */
export function questionKey({ measure, by, groups, most, epsilon, delta }: Question): string {
  return createHash('sha256')
    .update(JSON.stringify([1, measure, by, groups, most, epsilon, delta]))
    .digest('hex');
}

/** The data that a question is about: a period that is over. Its answer is given once, and stays when somebody is erased later. */
export const snapshotKey = ({ grain, startsOn }: Question): string => `${grain} ${startsOn}`;

/** The groups that are always told, also where nobody is in them; null: their names depend on pupils. */
export function fixedGroups({ by }: Question): readonly string[] | null {
  if (by === 'region') return regions;
  return by === 'level' ? levels : null;
}

/** ε for naming groups and for their values. */
export function splitEpsilon(asked: Question): { naming: number; values: number } {
  if (fixedGroups(asked) !== null) return { naming: 0, values: asked.epsilon };
  const naming = Math.floor(asked.epsilon / 2);
  return { naming, values: asked.epsilon - naming };
}

/** The scale of the noise: sensitivity divided by ε. */
export const scaleOf = (asked: Question): Rational => ({
  num: BigInt(sensitivityOf(asked)) * BigInt(unit),
  den: BigInt(splitEpsilon(asked).values),
});

/** What noise does to each value, before anything is computed: in 95 of 100 cases it is at most so much. */
export const expectedError = (asked: Question): number => halfWidth95(scaleOf(asked));
