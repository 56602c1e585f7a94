import { z } from 'zod';
import type { ActivityContent, ActivityRecord } from '../exports.js';

/** Half of a surrogate pair is no character, and PostgreSQL stores no NUL, in text nor in jsonb. */
const storable = (text: z.ZodString) =>
  text.refine((value) => !/\0|\p{Surrogate}/u.test(value), 'must not hold a NUL character, or half of a surrogate pair');

/** One line of text. */
export const line = (max: number) => storable(z.string().trim().max(max)).regex(/^[^\r\n]*$/, 'must be a single line');

export const multiline = (max: number) => storable(z.string().max(max));

const localHosts = ['localhost', '127.0.0.1', '[::1]'];

/** An address that is safe to put behind a link: https; http for this machine alone. */
export const webAddress = line(2000).refine(
  (text) => {
    if (!URL.canParse(text)) return false;
    const { protocol, hostname, username, password } = new URL(text);
    if (username !== '' || password !== '') return false;
    return protocol === 'https:' || (protocol === 'http:' && localHosts.includes(hostname));
  },
  { error: 'must be a web address that starts with https:// and holds no user name or password' },
);

export const conceptUri = line(1000).min(1);

const age = z.int().min(0).max(120).nullable();

/** What every activity tells about itself, whoever made it. */
export const description = {
  title: line(300).min(1),
  description: multiline(5000),
  language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language code such as nl'),
  minutes: z.int().min(1).max(10_000).nullable(),
  ageFrom: age,
  ageTo: age,
  difficulty: z.int().min(1).max(5).nullable(),
  teacherOnly: z.boolean(),
  conceptUris: z.array(conceptUri).max(200),
  keywords: z.array(line(100).min(1)).max(50),
};

export const agesInOrder = {
  when: ({ ageFrom, ageTo }: { ageFrom: number | null; ageTo: number | null }) =>
    ageFrom === null || ageTo === null || ageFrom <= ageTo,
  error: { path: ['ageTo'], error: 'must not be less than ageFrom' },
};

export const markdown = multiline(500_000);

export const ltiContent = z.object({
  registration: line(100).min(1),
  targetLinkUri: webAddress,
  custom: z
    .record(line(200).min(1), multiline(2000))
    .refine((custom) => Object.keys(custom).length <= 100, 'may have 100 members'),
  scoreMaximum: z.number().positive(),
});

export const activityContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), markdown }),
  z.object({ kind: z.literal('link'), url: webAddress }),
  z.object({ kind: z.literal('lti'), lti: ltiContent }),
]) satisfies z.ZodType<ActivityContent>;

export const activityRecord = z
  .object({
    ...description,
    source: line(200).min(1),
    sourceId: line(500).min(1),
    school: z.uuid().nullable(),
    provider: line(200).min(1),
    available: z.boolean(),
    content: activityContent,
  })
  .refine(agesInOrder.when, agesInOrder.error) satisfies z.ZodType<ActivityRecord>;

export const activitySummary = z.object({
  id: z.uuid(),
  kind: z.enum(['lti', 'link', 'text']),
  title: z.string(),
  description: z.string(),
  language: z.string(),
  provider: z.string(),
  minutes: z.int().nullable().describe('Estimated duration in minutes'),
  ageFrom: z.int().nullable(),
  ageTo: z.int().nullable(),
  difficulty: z.int().nullable().describe('1 (easy) to 5'),
  teacherOnly: z.boolean(),
  available: z.boolean(),
  concepts: z.array(z.object({ uri: z.string(), label: z.string() })).max(1_000),
});
