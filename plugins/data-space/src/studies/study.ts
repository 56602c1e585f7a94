import { isStorableDay } from '@ilearn/core';
import { addDays } from '@ilearn/plugin-cube';
import { z } from 'zod';
import { type Act, activityMeasures } from '../activity/activity.js';

export const studyStates = ['draft', 'approved', 'ended'] as const;
export const schoolStates = ['asked', 'agreed', 'refused'] as const;

/** Data can be fetched so many days after a study is over. */
export const daysToFetch = 90;
const mostDays = 366;

const text = (most: number) => z.string().trim().min(1, 'Write something here.').max(most, `Keep it to ${most} characters.`);
const day = z.iso.date().refine(isStorableDay, 'Give a day from the year 1 on.');

export const studyShape = {
  partner: z.uuid(),
  title: text(120),
  researcher: text(200).describe('Who does it, and where'),
  contact: text(200).describe('Where people ask questions'),
  why: text(2_000).describe('What is to be found out, in plain words'),
  ethics: text(300).describe('Who approved it, and under which number'),
  measures: z
    .array(z.enum(activityMeasures))
    .min(1)
    .max(activityMeasures.length)
    .refine((each) => new Set(each).size === each.length, 'The same measure comes twice.'),
  names: z.boolean().describe('Whether the researcher gets names; otherwise pseudonyms that hold for this study only'),
  startsOn: day,
  endsOn: day,
};

export const newStudy = z
  .strictObject(studyShape)
  .refine(({ startsOn, endsOn }) => startsOn <= endsOn, { path: ['endsOn'], message: 'The last day comes before the first one.' })
  .refine(({ startsOn, endsOn }) => endsOn <= addDays(startsOn, mostDays), {
    path: ['endsOn'],
    message: 'A study lasts a year at most.',
  });
export type NewStudy = z.output<typeof newStudy>;

export interface Study extends Omit<NewStudy, 'measures'> {
  id: string;
  /** Name of the partner. */
  organisation: string;
  measures: Act['measure'][];
  state: (typeof studyStates)[number];
}

export const studyView = z.object({
  id: z.uuid(),
  organisation: z.string(),
  ...studyShape,
  state: z.enum(studyStates),
});
export type StudyView = z.output<typeof studyView>;

/** What people are asked: a study does not change once it is approved, so that its text has one version. */
export const askedOf = (study: string) => ({ purpose: 'research', about: study, version: '1' }) as const;
