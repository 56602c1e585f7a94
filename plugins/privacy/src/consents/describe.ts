import { z } from 'zod';
import { MOST_QUESTIONS, type Question, textIn } from './consents.js';
import type { Cradle } from './cradle.js';

export const answers = ['given', 'refused'] as const;

const question = z.object({
  id: z.uuid(),
  purpose: z.string(),
  about: z.string(),
  /** Title of the question, or the name of its purpose. */
  name: z.string(),
  version: z.string(),
  /** What is asked, in the reader's language. */
  text: z.string(),
  askedAt: z.iso.datetime(),
  answer: z.enum(answers).nullable(),
  answeredAt: z.iso.datetime().nullable(),
});
export type Asked = z.infer<typeof question>;

export const questions = z.object({
  questions: z.array(question).max(MOST_QUESTIONS),
  mayDecide: z.boolean().describe('False: a parent answers, because the person is too young'),
});

/** Questions with the names of their purposes, in one language. */
export async function describeQuestions(
  { privacy }: Pick<Cradle, 'privacy'>,
  found: readonly Question[],
  language: string,
): Promise<Asked[]> {
  const names = new Map((await privacy.purposes(language)).map(({ id, name }) => [id, name]));
  return found.map((each) => ({
    id: each.id,
    purpose: each.purpose,
    about: each.about,
    name: each.heading ?? names.get(each.purpose) ?? each.purpose,
    version: each.version,
    text: textIn(each, language),
    askedAt: each.asked_at.toISOString(),
    answer: each.answer,
    answeredAt: each.answered_at?.toISOString() ?? null,
  }));
}
