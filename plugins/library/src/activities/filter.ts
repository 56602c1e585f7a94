import { z } from 'zod';
import { conceptUri, line } from '../input.js';

/** Age bands by the stages of Flemish schools: kleuter, three stages of lager and three of secundair. */
export const ageBands = [
  { value: '2-5', from: 2, to: 5 },
  { value: '6-7', from: 6, to: 7 },
  { value: '8-9', from: 8, to: 9 },
  { value: '10-11', from: 10, to: 11 },
  { value: '12-13', from: 12, to: 13 },
  { value: '14-15', from: 14, to: 15 },
  { value: '16-18', from: 16, to: 18 },
] as const;

/** In minutes; a lesson takes 50. */
export const durationBands = [
  { value: '1-10', from: 1, to: 10 },
  { value: '11-20', from: 11, to: 20 },
  { value: '21-50', from: 21, to: 50 },
  { value: '51-', from: 51, to: 1_000_000 },
] as const;

type Band = (typeof ageBands)[number]['value'] | (typeof durationBands)[number]['value'];
const values = <T extends readonly { value: Band }[]>(bands: T) => bands.map(({ value }) => value) as [Band, ...Band[]];

/** A query parameter that may be repeated. */
const many = <T extends z.ZodType<string>>(one: T, max = 50) =>
  z
    .union([one, z.array(one).max(max)])
    .optional()
    .transform((given): string[] => (given === undefined ? [] : Array.isArray(given) ? [...new Set(given)] : [given]));

const count = (min: number, max: number, fallback: number) => z.coerce.number().int().min(min).max(max).default(fallback);

export const flag = (fallback: 'true' | 'false') =>
  z
    .enum(['true', 'false'])
    .default(fallback)
    .transform((given) => given === 'true');

/** Values of one parameter are alternatives (or); different parameters are combined (and). */
export const activityQuery = z.object({
  q: line(200).optional().describe('Words; the last one may be incomplete'),
  kind: many(z.enum(['lti', 'link', 'text'])),
  language: many(line(20)),
  provider: many(line(200)),
  audience: many(z.enum(['pupil', 'teacher'])).describe('`teacher`: for teachers only'),
  owner: many(z.enum(['shared', 'school', 'mine'])).describe(
    '`shared`: of all schools; `school`: of your schools; `mine`: made by you',
  ),
  age: many(z.enum(values(ageBands))),
  duration: many(z.enum(values(durationBands))),
  access: many(z.enum(['open', 'account', 'paid'])).describe(
    '`open`: free, without an account; `account`: pupils need an account of the tool; `paid`: it costs money',
  ),
  licence: many(z.enum(['ready', 'missing'])).describe(
    '`ready`: you may use it now; `missing`: your schools have no licence for it, or no seat is left',
  ),
  concept: many(conceptUri).describe('Concept URIs; narrower concepts are included'),
  withdrawn: flag('false').describe('Only what you took out of the library yourself'),
  facets: flag('true').describe('Whether to count the facets'),
  sort: z.enum(['relevance', 'title', 'newest']).default('relevance').describe('Without words, `relevance` is `title`'),
  page: count(1, 10_000, 1),
  pageSize: count(1, 100, 20),
});

export type ActivityQuery = z.output<typeof activityQuery>;
