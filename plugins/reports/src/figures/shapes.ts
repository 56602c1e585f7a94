import { grains, measures } from '@ilearn/plugin-cube';
import { z } from 'zod';

const ids = measures.map(({ id }) => id) as [string, ...string[]];

/** A number of persons or of what they did. `value`: null unless `mark` is `shown`; a multiple of the rounding. */
export const figure = z.object({
  measure: z.enum(ids),
  startsOn: z.iso.date(),
  place: z.string(),
  item: z.string(),
  mark: z.enum(['shown', 'small', 'hidden', 'withheld']),
  value: z.int().nullable(),
});

/** Most figures in one response: two school years of weeks with 40 tools. */
export const mostFigures = 5_000;
export const mostPeriods = 600;
export const mostNames = 2_000;

/** One or more, separated by commas: a page that shows many asks once for each grain. */
const several = z
  .string()
  .max(400)
  .transform((text) => [...new Set(text.split(','))])
  .pipe(z.array(z.enum(ids)));

export const figureQuery = z.object({
  measure: several.describe('One measure, or several separated by commas'),
  grain: z.enum(grains).default('week'),
  /** First day of the first period. */
  from: z.iso.date().optional(),
  /** `whole`: one number for each place and period; `parts`: one for each tool or goal. */
  detail: z.enum(['whole', 'parts']).default('whole'),
  /** Only this tool or goal. */
  item: z.string().max(500).optional(),
});

export const publicQuery = figureQuery.extend({ by: z.enum(['all', 'region', 'level']).default('all') });

export const figureList = z.object({
  /** Those that were published, with the number of school days in each. A period without a figure of a place: the number is 0. */
  periods: z.array(z.object({ startsOn: z.iso.date(), endsOn: z.iso.date(), schoolDays: z.int() })).max(mostPeriods),
  figures: z.array(figure).max(mostFigures),
  /** Names of the tools and goals in it. */
  names: z.array(z.object({ item: z.string(), name: z.string() })).max(mostNames),
  more: z.boolean(),
});

export type Figure = z.output<typeof figure>;
export type FigureList = z.output<typeof figureList>;
export type FigureQuery = z.output<typeof figureQuery>;

/** Where numbers are about. */
export interface Scope {
  kind: 'all' | 'region' | 'level' | 'group' | 'school';
  /** Default: all places of the kind that the caller may see. */
  place?: string;
}

export const measureText = z.object({
  id: z.enum(ids),
  unit: z.enum(['people', 'sum']),
  items: z.enum(['tool', 'objective', 'field']).nullable(),
  owner: z.string(),
  /** The first day from which it was counted; null: not yet. */
  since: z.iso.date().nullable(),
});

export type MeasureText = z.output<typeof measureText>;
