import { z } from 'zod';
import { description, webAddress } from '../activities/model.js';
import { line } from '../input.js';

const empty = (text: string): boolean => text === '';
const numberIn = (schema: z.ZodType<number | null>) =>
  z.string().transform((text, context) => {
    const { data, success } = schema.safeParse(empty(text) ? null : /^\d+$/.test(text) ? Number(text) : Number.NaN);
    if (success) return data as number | null;
    context.addIssue('is not a number that is possible here');
    return z.NEVER;
  });

const yes = new Set(['ja', 'yes', 'oui', 'true', '1', 'x']);
const no = new Set(['', 'nee', 'no', 'non', 'false', '0']);
const list = (text: string): string[] =>
  text
    .split('|')
    .map((part) => part.trim())
    .filter((part) => part !== '');

/** The columns of the table, as the members of an activity of a connector. Each reads the text of a cell. */
export const columns = {
  key: line(200).min(1),
  title: description.title,
  description: description.description,
  url: webAddress,
  language: z
    .string()
    .transform((text) => text || 'nl')
    .pipe(description.language),
  minutes: numberIn(description.minutes),
  ageFrom: numberIn(description.ageFrom),
  ageTo: numberIn(description.ageTo),
  difficulty: numberIn(description.difficulty),
  teacherOnly: z
    .string()
    .toLowerCase()
    .refine((text) => yes.has(text) || no.has(text))
    .transform((text) => yes.has(text)),
  keywords: z.string().transform(list).pipe(description.keywords),
  /** Names or addresses of concepts. */
  concepts: z
    .string()
    .transform(list)
    .pipe(z.array(line(1000).min(1)).max(200)),
} satisfies Record<string, z.ZodType>;

export type Column = keyof typeof columns;
export const columnNames = Object.keys(columns) as Column[];
export const required = ['key', 'title', 'url'] satisfies Column[];

/** What the template shows until the provider has sent activities. */
export const example: Record<Column, string> = {
  key: 'tafels-tot-10',
  title: 'Tafels tot 10',
  description: 'Oefen de tafels van vermenigvuldiging.',
  url: 'https://www.voorbeeld.be/tafels',
  language: 'nl',
  minutes: '15',
  ageFrom: '7',
  ageTo: '9',
  difficulty: '2',
  teacherOnly: 'nee',
  keywords: 'tafels|vermenigvuldigen',
  concepts: '',
};
