import { z } from 'zod';
import { line } from '../input.js';
import { logo } from './logo.js';
import { languageCode, linkTarget, webAddress } from './model.js';

const inEachLanguage = (what: string) => ({
  error: ({ code }: { code?: string }) => (code === 'invalid_type' ? `must be ${what} in each of nl, en and fr` : undefined),
});

const oneLine = (what: string) => line(300).min(1, `must not be empty: write ${what}`);

/** A sentence in each language of the portal. */
const sentence = (what: string) =>
  z.strictObject({ nl: oneLine(what), en: oneLine(what), fr: oneLine(what) }, inEachLanguage('a text'));

const mailAddress = /^mailto:[^\s@?]+@[^\s@?]+\.[a-z]{2,}$/i;

/**
 * What teachers and administrators read before a school uses a tool. Everything that concerns data of pupils is required, so that silence is
 * never taken for "none".
 */
export const toolFacts = z.strictObject({
  /** Home page of the tool. */
  website: webAddress.optional(),
  logo: logo.nullable().default(null),
  /** Languages in which pupils can use it. */
  languages: z.array(languageCode, 'is missing: name the languages in which pupils can use it, such as ["nl"]').min(1).max(100),
  /** Ages in years for which it is meant, inclusive. */
  ages: z
    .strictObject({ from: z.int().min(0).max(120), to: z.int().min(0).max(120) }, 'is missing: such as { from: 6, to: 12 }')
    .refine(({ from, to }) => from <= to, { path: ['to'], error: 'must not be less than from' }),
  /** `free`, or what it costs and for whom. */
  price: z.union([z.literal('free'), sentence('what it costs')], 'must be "free", or what it costs in each of nl, en and fr'),
  /** Whether pupils need an account of the tool. LTI tools usually need none: the portal tells them who it is. */
  account: z.enum(
    ['none', 'optional', 'required'],
    'must be none, optional or required: does a pupil need an account of the tool?',
  ),
  /** The data about people that it asks for, each with the reason; empty if it asks for none. */
  data: z
    .array(
      z.strictObject({ what: sentence('which data'), why: sentence('what they are used for') }),
      'is missing: list what it asks of people and why; [] if it asks nothing',
    )
    .max(20),
  /** An https address, or a page of the portal for a tool that is part of it. */
  privacyStatement: z
    .string('is missing: the address of its privacy statement, which schools need before pupils use it')
    .pipe(linkTarget),
  /** Where teachers find help: an https address, `mailto:`, or a page of the portal. */
  help: z
    .string('is missing: an address where teachers find help, https://… or mailto:…')
    .refine(
      (text) => mailAddress.test(text) || linkTarget.safeParse(text).success,
      'must be an address that starts with https:// or mailto:',
    ),
});

export type ToolFacts = z.output<typeof toolFacts>;
