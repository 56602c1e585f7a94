import type { QuizQuestion } from '../paths/structure.js';
import type { AskedQuestion } from './model.js';

/** The questions as the pupil gets them, without what is right. */
export const asked = (questions: readonly QuizQuestion[]): AskedQuestion[] =>
  questions.map((question) =>
    question.kind === 'choice'
      ? {
          kind: 'choice',
          text: question.text,
          options: question.options.map(({ text }) => text),
          several: question.options.filter(({ right }) => right).length > 1,
        }
      : { kind: question.kind, text: question.text },
  );
