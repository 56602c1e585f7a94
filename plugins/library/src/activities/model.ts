import { outgoingRefusal } from '@ilearn/core';
import { z } from 'zod';
import type { ActivityContent, ActivityRecord } from '../exports.js';
import { conceptUri, line, multiline } from '../input.js';
import { mostFiles } from '../materials/files.js';
import { material } from '../materials/model.js';

/** In addresses, also direction marks, and all of these percent-encoded, because browsers show addresses decoded. */
const turningInAddress = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]|%d8%9c|%e2%80%(?:8[ef]|a[a-e])|%e2%81%a[6-9]/i;

/** Whether an address is on the machine of the person who follows the link. `URL` has already normalised forms such as `127.1`. */
const isLoopback = (hostname: string): boolean =>
  /^(?:.*\.)?localhost\.?$|^127\.|^0\.0\.0\.0$|^\[::1?\]$|^\[::ffff:(?:7f[\da-f]{2}:|0:0\])/.test(hostname);

/** Addresses on this machine are allowed only if the portal's own address is on this machine too. */
const portalIsLocal = (): boolean => outgoingRefusal('http://127.0.0.1/') === null;

/** An https address. Addresses on this machine, also with http, are allowed only if the portal's own address is on it. */
export const webAddress = line(2000)
  .refine(
    (text) => {
      if (!URL.canParse(text)) return false;
      const { protocol, hostname, username, password } = new URL(text);
      if (username !== '' || password !== '') return false;
      if (isLoopback(hostname)) return portalIsLocal() && (protocol === 'https:' || protocol === 'http:');
      return protocol === 'https:';
    },
    { error: 'must be a web address that starts with https://, is not on localhost and contains no user name or password' },
  )
  .refine(
    (text) => !turningInAddress.test(text),
    'must not contain characters that change the direction of text, not even percent-encoded',
  );

const portalOrigin = 'https://portal.invalid';

/**
 * Whether browsers resolve a text to a page of the portal. They interpret `//host`, `/\\host` and dot segments, and drop tabs and line
 * breaks.
 */
function isPortalPage(text: string): boolean {
  if (!/^\/(?![/\\])[^\s\\\p{Cc}]*$/u.test(text) || !URL.canParse(text, portalOrigin)) return false;
  const { origin, pathname } = new URL(text, portalOrigin);
  const [written = ''] = text.split(/[?#]/);
  // Compare the number of segments, which only a resolved dot segment changes: `URL` also encodes some characters.
  const resolved = pathname.split('/').length !== written.split('/').length;
  return origin === portalOrigin && !resolved && !/^\/api(?:\/|$)/i.test(decoded(pathname));
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Path of a page of the portal, such as `/agenda`, but not of its API. */
export const portalPage = line(2000)
  .refine(isPortalPage, 'must be the path of a page, such as /agenda, without //, .. or backslashes, and not below /api')
  .refine(
    (text) => !turningInAddress.test(text),
    'must not contain characters that change the direction of text, not even percent-encoded',
  );

/** Target of a link: a web address, or a page of the portal. */
export const linkTarget = z.string().transform((text, context) => {
  // Choose the schema by the first character, so that faults match what was intended.
  const { data, error } = (text.trimStart().startsWith('/') ? portalPage : webAddress).safeParse(text);
  for (const { message } of error?.issues ?? []) context.addIssue(message);
  return data ?? z.NEVER;
});

const age = z.int().min(0).max(120).nullable();

export const languageCode = z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, 'must be a language code such as nl');

/** The description that every activity has. */
export const description = {
  title: line(300).min(1),
  description: multiline(5000),
  language: languageCode,
  minutes: z.int().min(1).max(10_000).nullable(),
  ageFrom: age,
  ageTo: age,
  difficulty: z.int().min(1).max(5).nullable(),
  teacherOnly: z.boolean(),
  conceptUris: z.array(conceptUri).max(200),
  keywords: z.array(line(100).min(1)).max(50),
};

/** {@link description} with defaults for omitted members. */
export const descriptionWithDefaults = {
  ...description,
  language: description.language.default('nl'),
  description: description.description.default(''),
  minutes: description.minutes.default(null),
  ageFrom: description.ageFrom.default(null),
  ageTo: description.ageTo.default(null),
  difficulty: description.difficulty.default(null),
  teacherOnly: description.teacherOnly.default(false),
  conceptUris: description.conceptUris.default([]),
  keywords: description.keywords.default([]),
};

export const agesInOrder = {
  when: ({ ageFrom, ageTo }: { ageFrom: number | null; ageTo: number | null }) =>
    ageFrom === null || ageTo === null || ageFrom <= ageTo,
  error: { path: ['ageTo'], error: 'must not be less than ageFrom' },
};

/** Markdown from a teacher. */
export const markdown = multiline(500_000);

/** Markdown from an import, including pictures as `data:` addresses. */
export const importedMarkdown = multiline(4_000_000);

export const ltiContent = z.object({
  registration: line(100).min(1),
  targetLinkUri: webAddress,
  custom: z
    .record(line(200).min(1), multiline(2000))
    .refine((custom) => Object.keys(custom).length <= 100, 'may have at most 100 members'),
  scoreMaximum: z.number().positive(),
  presentation: z.enum(['same', 'frame', 'tab', 'window']).optional(),
  lineItem: z
    .object({ label: line(300).min(1).optional(), resourceId: line(255).optional(), tag: line(255).optional() })
    .optional(),
});

export const activityContent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    markdown: importedMarkdown,
    translations: z.record(languageCode, importedMarkdown).optional(),
  }),
  z.object({ kind: z.literal('link'), url: linkTarget }),
  z.object({ kind: z.literal('lti'), lti: ltiContent }),
]) satisfies z.ZodType<ActivityContent>;

/** Content as stored, without maximum lengths, which were checked before. */
export const storedContent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('text'), markdown: z.string(), translations: z.record(z.string(), z.string()).optional() }),
  z.object({ kind: z.literal('link'), url: z.string() }),
  z.object({ kind: z.literal('lti'), lti: ltiContent }),
]) satisfies z.ZodType<ActivityContent>;

/** Content in responses, without maximum lengths, because MathML of formulas may make a text longer than the stored one. */
export const shownContent = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('text'),
    markdown: z.string(),
    language: z.string().optional(),
    files: z
      .array(material)
      .max(mostFiles)
      .optional()
      .describe('As its maker wrote it: the files, which readers see below the text'),
  }),
  z.object({ kind: z.literal('link'), url: z.string() }),
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
  licence: z
    .object({
      allowed: z.boolean(),
      reason: z.string(),
      day: z.iso.date().nullable().describe('Its last day, or the first one if it has not begun'),
      endsSoon: z.boolean(),
      refusesPupils: z.string().nullable().describe('Why some of your pupils may not use it although you may; null: they may'),
    })
    .nullable()
    .describe('Of a tool that needs a licence: whether you may use it now'),
  linkBroken: z.boolean().describe('Its website did not answer several times in a row'),
  area: z.string().nullable().describe('Key of the learning area: `wiskunde`'),
  concepts: z.array(z.object({ uri: z.string(), label: z.string() })).max(1_000),
});
