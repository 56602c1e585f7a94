import { isStorableDay } from '@ilearn/core';
import { addDays, type Period, periodOf } from '@ilearn/plugin-cube';
import { z } from 'zod';

/** What is told of where a pupil is: one level of one hierarchy, fixed before any data are seen. */
export const microdataPlaces = ['none', 'region', 'level'] as const;

/** Rows about single pupils who used a tool in a period that is over. */
export const microdataDefinition = z
  .strictObject({
    tier: z.literal('microdata'),
    /** Id of the tool. */
    tool: z.string().min(1).max(200),
    by: z.enum(microdataPlaces),
    grain: z.enum(['month', 'year']),
    /** First day of the month, or of the school year. */
    startsOn: z.iso.date().refine(isStorableDay, 'Give a day from the year 1 on.'),
    /** So many pupils at least share what is told of them. */
    k: z.int().min(10).max(1_000),
    /** So many different bands at least are among them. */
    l: z.int().min(2).max(5),
  })
  .refine(({ grain, startsOn }) => periodOf(grain, startsOn).startsOn === startsOn, {
    path: ['startsOn'],
    message: 'Give the first day of a month, or of a school year.',
  });

export type MicrodataDefinition = z.output<typeof microdataDefinition>;

export const periodOfMicrodata = ({ grain, startsOn }: MicrodataDefinition): Period => periodOf(grain, startsOn);

/** First days of the months of a definition. */
export function monthsOf(defined: MicrodataDefinition): string[] {
  const { startsOn, endsOn } = periodOfMicrodata(defined);
  const months: string[] = [];
  for (let month = periodOf('month', startsOn); month.startsOn <= endsOn; month = periodOf('month', addDays(month.endsOn, 1)))
    months.push(month.startsOn);
  return months;
}

/** How often a pupil opened the tool: from this number on. The bands are the same in every data set. */
const bands = [
  [25, '25+'],
  [10, '10-24'],
  [5, '5-9'],
  [2, '2-4'],
  [1, '1'],
] as const;

export const bandOf = (amount: number): string => bands.find(([from]) => amount >= from)?.[1] ?? '1';
