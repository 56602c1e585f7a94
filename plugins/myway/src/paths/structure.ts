import { z } from 'zod';
import { text } from '../text.js';
import { maximumSteps, mostArms, mostBlocks, mostOptions, mostQuestions } from './limits.js';

const question = text(1000).min(1);

/** A question of a quiz, with its right answer: for teachers only. */
export const quizQuestion = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('choice'),
    text: question,
    options: z
      .array(z.object({ text: text(300).min(1), right: z.boolean() }))
      .min(2)
      .max(mostOptions),
  }),
  z.object({
    kind: z.literal('number'),
    text: question,
    answer: z.number(),
    tolerance: z.number().min(0).default(0).describe('How far an answer may be from the right one'),
  }),
  z.object({
    kind: z.literal('word'),
    text: question,
    answers: z.array(text(100).min(1)).min(1).max(10).describe('Each is right; capitals and spaces around do not matter'),
  }),
]);
export type QuizQuestion = z.output<typeof quizQuestion>;

/** What a step holds that is no activity of the library. */
export const stepContent = z.discriminatedUnion('kind', [
  z
    .object({
      kind: z.literal('task'),
      text: text(5000).min(1),
      maximum: z.number().positive().max(1000).nullable().default(null).describe('Score that the teacher may give; null: none'),
    })
    .describe('Work that the pupil hands in and the teacher answers'),
  z.object({ kind: z.literal('moment'), text: text(2000).min(1) }).describe('A moment with the teacher, who marks it as done'),
  z
    .object({ kind: z.literal('quiz'), questions: z.array(quizQuestion).min(1).max(mostQuestions) })
    .describe('Questions that the portal marks'),
]);
export type StepContent = z.output<typeof stepContent>;

export const activityKind = z.enum(['lti', 'link', 'text']);
export const stepKind = z.enum([...activityKind.options, 'task', 'moment', 'quiz']);
export type StepKind = z.output<typeof stepKind>;

const key = z.string().regex(/^[a-z0-9-]{1,40}$/, 'Small letters, digits and hyphens, at most 40.');
const stepName = z.string().min(1).max(40);

export const arm = z.object({
  id: key,
  title: text(100).min(1).describe('For the teacher; pupils do not see it'),
  from: z.number().min(0).max(1).default(0).describe('Of a branch on score: the lowest share of the maximum score for this way'),
  again: z
    .boolean()
    .default(false)
    .describe('Of a branch on score: the pupil does the scored step again afterwards, until the score leads another way'),
  pick: z
    .int()
    .min(1)
    .max(maximumSteps)
    .optional()
    .describe('The pupil does so many steps of this way; without it, the required ones'),
});
export type Arm = z.output<typeof arm>;

export const block = z.discriminatedUnion('kind', [
  z
    .object({
      id: key,
      kind: z.literal('choice'),
      title: text(100),
      pick: z.int().min(1).max(maximumSteps),
      within: z.object({ block: key, arm: key }).optional().describe('The way of a branch in which it stands'),
    })
    .describe('The pupil does `pick` of its steps'),
  z
    .object({
      id: key,
      kind: z.literal('branch'),
      title: text(100),
      on: z
        .enum(['score', 'done', 'teacher'])
        .describe(
          '`score` of a step; whether a step is `done` (the second way if it is); or the `teacher` chooses for each pupil',
        ),
      step: stepName.nullable().default(null).describe('Id or `ref` of the step; null if the teacher chooses'),
      arms: z.array(arm).min(2).max(mostArms).describe('On score: by `from`, the first from 0'),
      tries: z
        .int()
        .min(1)
        .max(20)
        .default(3)
        .describe('After this many graded attempts, the pupil goes on from a way with `again`, whatever the score'),
    })
    .describe('The pupil follows one of its ways'),
]);
export type Block = z.output<typeof block>;
export type ChoiceBlock = Extract<Block, { kind: 'choice' }>;
export type BranchBlock = Extract<Block, { kind: 'branch' }>;

export const blocks = z.array(block).max(mostBlocks);

/** Where a step stands in the structure of its path. */
export const stepPlace = {
  after: z.array(stepName).max(10).default([]).describe('Ids or `ref`s of the steps that come first, in addition to the order'),
  block: key.nullable().default(null).describe('Id of the block that the step is in'),
  arm: key.nullable().default(null).describe('Id of the way of the branch that the step is in'),
};
export interface StepPlace {
  after: string[];
  block: string | null;
  arm: string | null;
}
