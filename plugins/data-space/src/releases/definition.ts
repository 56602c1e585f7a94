import { isStorableDay } from '@ilearn/core';
import { grains, measures } from '@ilearn/plugin-cube';
import { z } from 'zod';
import { microdataDefinition } from '../microdata/definition.js';
import { question, questionKey, snapshotKey } from '../research/question.js';

/** Places whose figures everybody may read. Those of a school or a group of schools are never released. */
const places = ['all', 'region', 'level'] as const;

const measureIds = measures.map(({ id }) => id);
const measure = z.enum(measureIds as [string, ...string[]]);

const day = z.iso.date().refine(isStorableDay, 'Give a day from the year 1 on.');

/** Published figures of a period: open data. */
export const openDefinition = z
  .strictObject({
    tier: z.literal('open'),
    measures: z.array(measure).min(1).max(measureIds.length),
    by: z.enum(places),
    grain: z.enum(grains),
    detail: z.enum(['whole', 'parts']),
    from: day,
    to: day,
  })
  .refine(({ from, to }) => from <= to, { path: ['to'], message: 'The last day comes before the first one.' });

/** Answers with noise: for researchers who agreed to the conditions. */
export const researchDefinition = z.strictObject({
  tier: z.literal('research'),
  questions: z
    .array(question)
    .min(1)
    .max(20)
    .refine((asked) => new Set(asked.map((each) => `${snapshotKey(each)} ${questionKey(each)}`)).size === asked.length, {
      message: 'The same question comes twice.',
    }),
});

export const definition = z.union([openDefinition, researchDefinition, microdataDefinition]);

export type OpenDefinition = z.output<typeof openDefinition>;
export type ResearchDefinition = z.output<typeof researchDefinition>;
export type Definition = z.output<typeof definition>;
export const tiers = ['open', 'research', 'microdata'] as const satisfies readonly Definition['tier'][];
export type Tier = (typeof tiers)[number];
