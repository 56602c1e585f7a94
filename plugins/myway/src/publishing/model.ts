import { z } from 'zod';
import { mostVersions } from '../paths/version-model.js';
import { text } from '../text.js';

/** Payload schemas of the jobs. */
export const payloads = { 'publish-paths': z.object({}) };

export const newPublication = z.object({ note: text(500).default('').describe('What changed, for colleagues of other schools') });

export const publication = z.object({
  pathId: z.uuid().nullable().describe('The shared path; null: not published'),
  changes: z
    .array(
      z.object({
        version: z.int(),
        at: z.iso.datetime(),
        school: z.string().describe('Name of the school whose teacher published it'),
        note: z.string(),
        added: z.int().describe('Steps added since the version before'),
        removed: z.int(),
        changed: z.int(),
      }),
    )
    .max(mostVersions)
    .describe('Newest first'),
});
export type Publication = z.output<typeof publication>;
