import type { ActivityRecord } from '@ilearn/plugin-library';
import { z } from 'zod';
import type { Fault, Remark } from './fault.js';
import { replacePictures } from './pictures.js';
import { type Parsed, parseFrontMatter } from './source.js';

export const source = 'dwengo';

/** Characters of Markdown that the library takes. */
const longestText = 500_000;

const identifier = z.union([z.string().trim().min(1), z.number()], 'is missing, or no text').transform(String);
const text = (from: number, to: number) =>
  z
    .union([z.string(), z.number()], 'is missing, or no text')
    .transform((value) => String(value).replace(/\s+/g, ' ').trim())
    .refine((value) => value.length >= from && value.length <= to, `must have ${from} to ${to} characters`)
    .refine((value) => !/\0|\p{Surrogate}/u.test(value), 'holds a NUL character, or half of a surrogate pair');

/** What must be there and well formed; the other members are taken as far as they are sound. */
const frontMatter = z.object({
  hruid: identifier,
  version: identifier,
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]+)*$/, 'must be a language code like nl'),
  title: text(1, 200),
  description: text(0, 5000).nullish(),
  keywords: z.unknown().optional(),
  content_type: z.unknown().optional(),
  available: z.boolean().default(true),
  teacher_exclusive: z.boolean().default(false),
  target_ages: z.unknown().optional(),
  difficulty: z.unknown().optional(),
  estimated_time: z.unknown().optional(),
  skos_concepts: z.unknown().optional(),
});

/** A learning object as the library takes it. */
export interface LearningObject {
  file: string;
  /** {@link identityOf} it, by which paths name it. */
  identity: string;
  version: string;
  record: ActivityRecord;
}

/** A learning object that is read well, but holds something that the library cannot show. */
export interface LeftOutObject {
  file: string;
  identity: string;
  why: string;
}

export const identityOf = (hruid: string, language: string, version: string): string =>
  `${hruid}/${language}/${version.replaceAll('/', '-')}`;

/** What stays the same when its maker raises the version: the library knows an object by it, so that steps and results stay. */
export const workOf = (identity: string): string => identity.slice(0, identity.lastIndexOf('/'));

/** Reads one file. Remarks tell what of it was left out. */
export function readObject(file: string, content: string): Parsed<{ object: LearningObject | LeftOutObject; remarks: Remark[] }> {
  const parsed = parseFrontMatter(file, content, frontMatter);
  if ('faults' in parsed) return parsed;
  const { head, body } = parsed.value;
  if (body.includes('\0')) return { faults: [{ file, line: null, message: 'holds a NUL character: it is no Markdown' }] };
  const remarks: Remark[] = [];
  const remark = (message: string): void => void remarks.push({ file, message });
  const identity = identityOf(head.hruid, head.language, head.version);

  const type = head.content_type ?? 'text/markdown';
  if (type !== 'text/markdown' && type !== 'text/plain') {
    return {
      value: { object: { file, identity, why: `content_type ${JSON.stringify(type)} is none that the library shows` }, remarks },
    };
  }
  const { markdown, missing, linked } = replacePictures(body.trim());
  if (markdown.trim() === '') return { value: { object: { file, identity, why: 'it has no text' }, remarks } };
  if (markdown.length > longestText)
    return { value: { object: { file, identity, why: `it is longer than ${longestText} characters` }, remarks } };
  if (missing > 0) remark(`${missing} ${missing === 1 ? 'picture' : 'pictures'} not included; the words for them are kept`);
  if (linked > 0) remark(`${linked} ${linked === 1 ? 'film or picture' : 'films or pictures'} on another site kept as a link`);
  const elements = new Set(
    [...markdown.matchAll(/<(img|iframe|video|audio|object|embed|script|form)\b/gi)].map((m) => m[1]?.toLowerCase()),
  );
  for (const element of elements) remark(`HTML element <${element}> is not shown`);

  const ages = agesOf(head.target_ages, remark);
  const record: ActivityRecord = {
    source,
    sourceId: workOf(identity),
    school: null,
    title: head.title,
    description: head.description ?? '',
    language: head.language,
    provider: 'Dwengo',
    minutes: wholeNumber('estimated_time', head.estimated_time, 1, 10_000, remark),
    ageFrom: ages?.from ?? null,
    ageTo: ages?.to ?? null,
    difficulty: wholeNumber('difficulty', head.difficulty, 1, 5, remark),
    teacherOnly: head.teacher_exclusive,
    available: head.available,
    conceptUris: texts('skos_concepts', head.skos_concepts, 1000, 200, remark),
    keywords: texts('keywords', head.keywords, 100, 50, remark),
    content: { kind: 'text', markdown },
  };
  return { value: { object: { file, identity, version: head.version, record }, remarks } };
}

/** Two files that claim to be the same object: neither can be trusted. */
export function duplicateFaults(objects: readonly { file: string; identity: string }[]): Fault[] {
  const first = new Map<string, string>();
  return objects.flatMap(({ file, identity }) => {
    const other = first.get(identity);
    if (other !== undefined) return [{ file, line: null, message: `is ${identity}, and so is ${other}; each must have its own` }];
    first.set(identity, file);
    return [];
  });
}

function wholeNumber(name: string, value: unknown, from: number, to: number, remark: (message: string) => void): number | null {
  if (value === undefined || value === null) return null;
  if (Number.isInteger(value) && (value as number) >= from && (value as number) <= to) return value as number;
  remark(`${name} ${JSON.stringify(value)} left out: not a whole number from ${from} to ${to}`);
  return null;
}

/** Different, single lines of text that are not empty; at most `count` of at most `length` characters. */
function texts(name: string, value: unknown, length: number, count: number, remark: (message: string) => void): string[] {
  if (value === undefined || value === null) return [];
  const items = Array.isArray(value) ? value : [value];
  const sound = items.filter(
    (item): item is string => typeof item === 'string' && item.length <= length && !/[\0\r\n]|\p{Surrogate}/u.test(item.trim()),
  );
  if (sound.length < items.length)
    remark(`${items.length - sound.length} of ${name} left out: no line of text of at most ${length} characters`);
  const different = [...new Set(sound.map((item) => item.trim()).filter((item) => item !== ''))];
  if (different.length > count) remark(`${different.length - count} of ${name} left out: ${count} at most`);
  return different.slice(0, count);
}

function agesOf(value: unknown, remark: (message: string) => void): { from: number; to: number } | null {
  if (value === undefined || value === null) return null;
  const items = Array.isArray(value) ? value : [value];
  const ages = items.filter((age): age is number => Number.isInteger(age) && age >= 0 && age <= 120);
  if (ages.length < items.length) remark(`${items.length - ages.length} of target_ages left out: no age in years`);
  return ages.length === 0 ? null : { from: Math.min(...ages), to: Math.max(...ages) };
}
