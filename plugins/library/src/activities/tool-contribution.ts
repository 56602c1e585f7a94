import { z } from 'zod';
import { line } from '../input.js';
import { foci } from './foci.js';
import { agesInOrder, descriptionWithDefaults, linkTarget, ltiContent, markdown } from './model.js';
import { toolFacts } from './tool-facts.js';

/** Permanent key of the activity within the tool, and its description. */
const fields = {
  key: line(200).min(1),
  ...descriptionWithDefaults,
  /** Didactic foci among whose activities it is shown. */
  foci: z
    .array(z.enum(foci, `must be one of ${foci.join(', ')}`))
    .max(foci.length)
    .default([]),
};

const text = z
  .string('must be a text')
  .refine((given) => given.trim() !== '', 'must not be empty')
  .pipe(markdown);

/** Message for a value of another type; zod itself names unknown languages. */
const inEachLanguage = ({ code }: { code?: string }) =>
  code === 'invalid_type' ? 'must be a text in each of nl, en and fr' : undefined;

/**
 * An activity of a tool: an LTI exercise, a link to a website or a page of the portal, or a text in each language of the portal. `kind` may
 * be omitted for an LTI exercise.
 */
const toolActivity = z.discriminatedUnion(
  'kind',
  [
    z.object({
      ...fields,
      kind: z.literal('lti').optional(),
      lti: z.object(
        {
          ...ltiContent.shape,
          custom: ltiContent.shape.custom.default({}),
          scoreMaximum: ltiContent.shape.scoreMaximum.default(100),
        },
        'is missing; an activity without lti says kind: "link" or kind: "text"',
      ),
    }),
    z.strictObject({ ...fields, kind: z.literal('link'), url: linkTarget }),
    z.strictObject({
      ...fields,
      // Language of the title. The text is shown in the reader's language.
      language: z.enum(['nl', 'en', 'fr']).default('nl'),
      kind: z.literal('text'),
      markdown: z.strictObject({ nl: text, en: text, fr: text }, { error: inEachLanguage }),
    }),
  ],
  'must be lti, link or text',
);

/** A contribution to `library.tools`: a tool with its activities. */
export const toolContribution = z
  .object({
    /** Permanent key of the tool, part of the identity of its activities. */
    key: z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/, 'must be lower-case words joined by hyphens'),
    name: line(200).min(1),
    /** Name of the tool's provider; shown with each activity. */
    provider: line(200).min(1),
    description: line(2000).optional(),
    /** What schools read before they use it; `defineConnector` requires it. */
    about: toolFacts.optional(),
    activities: z.array(toolActivity.refine(agesInOrder.when, agesInOrder.error)).superRefine((activities, context) => {
      const first = new Map<string, number>();
      for (const [index, { key }] of activities.entries()) {
        const before = first.get(key);
        if (before === undefined) first.set(key, index);
        else
          context.addIssue({ code: 'custom', path: [index, 'key'], message: `"${key}" is the key of activities.${before} too` });
      }
    }),
  })
  // Schools switch a tool off, and licences are asked, by its key: an exercise of another registration would be under neither.
  .superRefine(({ key, activities }, context) => {
    for (const [index, activity] of activities.entries()) {
      if (!('lti' in activity) || activity.lti.registration === key) continue;
      context.addIssue({
        code: 'custom',
        path: ['activities', index, 'lti', 'registration'],
        message: `must be "${key}", the key of the tool; contribute exercises of another registration as a tool with its key`,
      });
    }
  });

export type ToolContribution = z.input<typeof toolContribution>;
