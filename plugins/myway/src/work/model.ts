import { z } from 'zod';
import { mostFiles, mostOptions, mostQuestions } from '../paths/limits.js';
import { text } from '../text.js';
import { score, trail } from '../trail/model.js';

export const answer = z
  .union([
    z
      .array(
        z
          .int()
          .min(0)
          .max(mostOptions - 1),
      )
      .max(mostOptions),
    text(200),
  ])
  .nullable()
  .describe('Of a choice, the positions of the chosen options; else what was typed; null: none');
export type Answer = z.output<typeof answer>;

export const answers = z.object({
  answers: z.array(answer).max(mostQuestions).describe('In the order of the questions'),
  attempt: z.uuid().optional().describe('Id of this attempt, chosen by the client: sent again, it is counted once'),
});

export const marked = z.object({ right: z.boolean(), solution: z.string().describe('The right answer in words') });
export type Marked = z.output<typeof marked>;

export const quizResult = z.object({ score, answers: z.array(marked).max(mostQuestions), trail });

export const handedIn = z.object({
  text: z.string(),
  files: z
    .array(z.object({ id: z.uuid(), name: z.string(), type: z.string(), bytes: z.int(), picture: z.boolean() }))
    .max(mostFiles),
  handedInAt: z.iso.datetime(),
});
export type HandedIn = z.output<typeof handedIn>;

/** What a pupil handed in for a task, and the teacher's answer. */
export const work = z.object({
  handedIn: handedIn.nullable().describe('Null: nothing yet'),
  answered: z.boolean().describe('Whether the teacher has answered what was handed in'),
  comment: z.string().nullable().describe('The teacher’s words'),
  score: score.nullable(),
  again: z.boolean().describe('Whether the teacher asks for a better version'),
});
export type Work = z.output<typeof work>;

export const feedback = z.object({
  comment: text(5000).default(''),
  score: z.number().min(0).max(1000).nullable().default(null).describe('At most the maximum of the task'),
  again: z.boolean().default(false).describe('Ask for a better version: the step is open again'),
});
export type Feedback = z.output<typeof feedback>;

export const branchWay = z.object({
  block: z.string(),
  title: z.string(),
  arms: z.array(z.object({ id: z.string(), title: z.string() })).max(10),
  taken: z.string().nullable().describe('Id of the way that the pupil follows; null: not decided yet, or not on the pupil’s way'),
  chosen: z.boolean().describe('Whether a teacher chose it'),
});
export type BranchWay = z.output<typeof branchWay>;
