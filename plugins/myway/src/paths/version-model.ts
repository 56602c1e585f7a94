import { z } from 'zod';
import { maximumSteps } from './limits.js';
import { type PathContent, sequence, stepDetail } from './model.js';

/** Maximum number of versions in the list of a path; older ones are removed. */
export const mostVersions = 50;

/** A stored version: the content with the ids of its steps, and the titles that they showed. */
export type VersionContent = Omit<PathContent, 'version' | 'steps'> & {
  steps: (Omit<PathContent['steps'][number], 'id' | 'ref'> & { id: string; shownTitle: string })[];
};

export const pathVersion = z.object({
  version: z.int(),
  savedAt: z.iso.datetime(),
  by: z.string().nullable().describe('Name of who saved it'),
  mine: z.boolean(),
  title: z.string(),
  steps: z.int(),
  added: z.int().describe('Steps added since the version before in the list'),
  removed: z.int(),
  changed: z.int(),
});
export type PathVersion = z.output<typeof pathVersion>;

export const versionDetail = z.object({
  version: z.int(),
  title: z.string(),
  description: z.string(),
  sequence,
  steps: z.array(stepDetail.pick({ id: true, shownTitle: true, kind: true, required: true, area: true })).max(maximumSteps),
});
export type VersionDetail = z.output<typeof versionDetail>;

/** How long after its last sign a colleague counts as present, in seconds. */
export const presentSeconds = 300;
const mostPresent = 20;

export const present = z.object({
  people: z
    .array(z.object({ name: z.string(), stepId: z.uuid().nullable().describe('The step that they look at') }))
    .max(mostPresent)
    .describe('Colleagues who have the path open in the builder'),
});
export { mostPresent };
