import { z } from 'zod';
import { maximumSteps } from '../paths/limits.js';
import { sequence, title } from '../paths/model.js';
import { blocks, stepContent, stepPlace } from '../paths/structure.js';
import { text } from '../text.js';

/** Where the path is in a Common Cartridge that this portal made. */
export const pathInCartridge = 'ilearn/path.json';

/** An activity of the library in a file: enough to find it again in the same portal, or to make it anew elsewhere. */
const activityInFile = z.object({
  id: z.uuid(),
  kind: z.enum(['lti', 'link', 'text']),
  title: text(500).min(1),
  language: z.string().max(35),
  provider: text(200),
  minutes: z.int().min(0).max(10_000).nullable(),
  url: z
    .url({ protocol: /^https$/ })
    .max(2000)
    .optional()
    .describe('Of a link'),
  markdown: z.string().max(4_000_000).optional().describe('Of a text'),
  launchUrl: z
    .url({ protocol: /^https?$/ })
    .max(2000)
    .optional()
    .describe('Of an activity in a tool'),
});
export type ActivityInFile = z.output<typeof activityInFile>;

/** A learning path as a file, version 1. */
export const pathFile = z.object({
  format: z.literal('ilearn-path'),
  formatVersion: z.literal(1),
  title,
  description: text(5000),
  language: z.string().max(35),
  sequence,
  blocks,
  steps: z
    .array(
      z.object({
        key: z.string().min(1).max(40),
        activity: activityInFile.nullable(),
        content: stepContent.nullable(),
        title: title.nullable(),
        note: text(2000),
        required: z.boolean(),
        ...stepPlace,
      }),
    )
    .max(maximumSteps),
});
export type PathFile = z.output<typeof pathFile>;

/**
 * What a file cannot carry. `tool`: an activity in a tool, which another portal needs itself; `unavailable`: an activity whose content
 * cannot be read; the others: what Common Cartridge has no place for.
 */
export const lossCodes = [
  'tool',
  'unavailable',
  'branch',
  'choice',
  'prerequisite',
  'optional',
  'quiz',
  'moment',
  'formatting',
  'order',
] as const;
export const loss = z.object({
  code: z.enum(lossCodes),
  title: z.string().describe('Of the step or block; empty: of the whole path'),
});
export type Loss = z.output<typeof loss>;
