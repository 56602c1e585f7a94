import { z } from 'zod';

/** Activities on the page, and paths of one of them. */
export const mostShown = 100;
export const mostAlternatives = 8;
export const mostReplacements = 20;

export const reason = z
  .enum(['withdrawn', 'licence', 'licence-ends', 'tool', 'broken', 'missing'])
  .describe(
    '`withdrawn`: taken out of the library; `licence`: the school has no licence for its tool; `licence-ends`: it works, and that licence ends within 30 days; `tool`: its tool is out of service; `broken`: its link does not work; `missing`: the library has no such activity',
  );

export const deadActivity = z.object({
  id: z.uuid(),
  title: z.string(),
  reason,
  paths: z.int().describe('Paths with it that the person may change'),
  sharedPaths: z.int().describe('Shared paths with it that run in their classes, which nobody in the school may change'),
  classes: z.int().describe('Classes and groups that have one of these paths'),
  pupils: z.int().describe('Pupils who have one of these paths'),
});
export type DeadActivity = z.output<typeof deadActivity>;

export const affectedPath = z.object({
  id: z.uuid(),
  title: z.string(),
  language: z.string().describe('Of the title (BCP 47)'),
  changeable: z.boolean().describe('False: a shared path'),
  ofColleague: z.boolean(),
  steps: z.int().describe('Steps with the activity'),
  classes: z.array(z.string()).max(50).describe('Names of classes and groups that have the path'),
  pupils: z.int(),
});
export type AffectedPath = z.output<typeof affectedPath>;

export const alternative = z.object({
  id: z.uuid(),
  title: z.string(),
  description: z.string(),
  language: z.string(),
  provider: z.string(),
  kind: z.enum(['lti', 'link', 'text']),
  minutes: z.int().nullable(),
  ageFrom: z.int().nullable(),
  ageTo: z.int().nullable(),
  easier: z.enum(['easier', 'harder']).nullable().describe('Than the other activity; null: as difficult, or not known'),
  shared: z.array(z.string()).max(1_000).describe('Names of the topics that both activities have'),
});
export type Alternative = z.output<typeof alternative>;

export const replacement = z.object({
  id: z.uuid(),
  from: z.string().describe('Title of the activity that was replaced'),
  to: z.string(),
  steps: z.int(),
  at: z.iso.datetime(),
  undone: z.boolean(),
});
export type Replacement = z.output<typeof replacement>;
