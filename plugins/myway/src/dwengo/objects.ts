import { isStorable } from '@ilearn/core';
import type { ActivityRecord } from '@ilearn/plugin-library';
import { z } from 'zod';
import type { Fault, Remark } from './fault.js';
import { type Embedded, showMedia } from './media.js';
import type { Picture } from './picture-file.js';
import { type Parsed, parseFrontMatter } from './source.js';

export const source = 'dwengo';

/** Maximum number of characters of Markdown in one file. */
const longestText = 500_000;
/** Maximum number of characters that the library accepts, including pictures. */
export const longestShown = 4_000_000;

const identifier = z.union([z.string().trim().min(1), z.number()], 'is missing, or is not text').transform(String);
const text = (from: number, to: number) =>
  z
    .union([z.string(), z.number()], 'is missing, or is not text')
    .transform((value) => String(value).replace(/\s+/g, ' ').trim())
    .refine((value) => value.length >= from && value.length <= to, `must have ${from} to ${to} characters`)
    .refine(isStorable, 'contains a NUL character, or half of a surrogate pair');

/** The required members. Other members are used if they are valid. */
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

/** A learning object as a record for the library. */
export interface LearningObject {
  file: string;
  /** Its {@link identityOf}, by which paths refer to it. */
  identity: string;
  version: string;
  record: ActivityRecord;
}

/** A learning object with references to other objects that are not replaced yet. */
export interface ReadObject extends Omit<LearningObject, 'record'> {
  record: Omit<ActivityRecord, 'content'>;
  parts: (string | Embedded)[];
  /** Length of its own text in characters, including pictures. */
  length: number;
}

/** A valid learning object whose content the library cannot show. */
export interface LeftOutObject {
  file: string;
  identity: string;
  why: string;
}

export const identityOf = (hruid: string, language: string, version: string): string =>
  `${hruid}/${language}/${version.replaceAll('/', '-')}`;

/**
 * The part of the identity that stays the same in all versions. The library uses it as the id, so that steps and results survive a new
 * version.
 */
export const workOf = (identity: string): string => identity.slice(0, identity.lastIndexOf('/'));

/**
 * Reads one file. Remarks say what was left out.
 *
 * @param pictureAt returns the picture at an address relative to this file
 */
export async function readObject(
  file: string,
  content: string,
  pictureAt: (address: string) => Promise<Picture>,
): Promise<Parsed<{ object: ReadObject | LeftOutObject; remarks: Remark[] }>> {
  const parsed = parseFrontMatter(file, content, frontMatter);
  if ('faults' in parsed) return parsed;
  const { head, body } = parsed.value;
  if (body.includes('\0')) return { faults: [{ file, line: null, message: 'contains a NUL character, so it is not Markdown' }] };
  const remarks: Remark[] = [];
  const remark = (message: string): void => void remarks.push({ file, message });
  const identity = identityOf(head.hruid, head.language, head.version);

  const type = head.content_type ?? 'text/markdown';
  if (type !== 'text/markdown' && type !== 'text/plain') {
    return {
      value: { object: { file, identity, why: `content_type ${JSON.stringify(type)} is not supported by the library` }, remarks },
    };
  }
  const text = body.trim();
  const leftOut = (why: string) => ({ value: { object: { file, identity, why }, remarks } });
  if (text === '') return leftOut('it has no text');
  if (text.length > longestText) return leftOut(`it is longer than ${longestText} characters`);
  const { parts, remarks: ofMedia } = await showMedia(text, pictureAt);
  const length = parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 0);
  if (length > longestShown) return leftOut(`with its pictures it is longer than ${longestShown} characters`);
  if (parts.every((part) => typeof part === 'string' && part.trim() === '')) return leftOut('nothing of it can be shown');
  for (const each of ofMedia) remark(each);
  const elements = new Set(
    [...text.matchAll(/<(iframe|video|audio|object|embed|script|form)\b/gi)].map((m) => m[1]?.toLowerCase()),
  );
  for (const element of elements) remark(`HTML element <${element}> is not shown`);

  const ages = agesOf(head.target_ages, remark);
  const record: ReadObject['record'] = {
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
  };
  return { value: { object: { file, identity, version: head.version, record, parts, length }, remarks } };
}

/** Faults for files with the same identity. */
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

/** Distinct, non-empty single lines; at most `count`, of at most `length` characters each. */
function texts(name: string, value: unknown, length: number, count: number, remark: (message: string) => void): string[] {
  if (value === undefined || value === null) return [];
  const items = Array.isArray(value) ? value : [value];
  const sound = items.filter(
    (item): item is string =>
      typeof item === 'string' && item.length <= length && isStorable(item) && !/[\r\n]/.test(item.trim()),
  );
  if (sound.length < items.length)
    remark(`${items.length - sound.length} of ${name} left out: not one line of at most ${length} characters`);
  const different = [...new Set(sound.map((item) => item.trim()).filter((item) => item !== ''))];
  if (different.length > count) remark(`${different.length - count} of ${name} left out: ${count} at most`);
  return different.slice(0, count);
}

function agesOf(value: unknown, remark: (message: string) => void): { from: number; to: number } | null {
  if (value === undefined || value === null) return null;
  const items = Array.isArray(value) ? value : [value];
  const ages = items.filter((age): age is number => Number.isInteger(age) && age >= 0 && age <= 120);
  if (ages.length < items.length) remark(`${items.length - ages.length} of target_ages left out: not an age in years`);
  return ages.length === 0 ? null : { from: Math.min(...ages), to: Math.max(...ages) };
}
