import type { QuizQuestion } from '../paths/structure.js';
import type { Answer, Marked } from './model.js';

/** Whether each answer is right, with the right answer in words. Questions without an answer are not right. */
export function mark(questions: readonly QuizQuestion[], answers: readonly Answer[]): Marked[] {
  return questions.map((question, index) => ({
    right: isRight(question, answers[index] ?? null),
    solution: solutionOf(question),
  }));
}

function isRight(question: QuizQuestion, answer: Answer): boolean {
  if (answer === null) return false;
  switch (question.kind) {
    case 'choice': {
      const chosen = new Set(Array.isArray(answer) ? answer : []);
      return question.options.every(({ right }, index) => right === chosen.has(index));
    }
    case 'number': {
      const given = typeof answer === 'string' ? numberFrom(answer) : Number.NaN;
      // Decimal fractions have no exact binary form: 0.1 + 0.2 is not 0.3.
      return Math.abs(given - question.answer) <= question.tolerance + Number.EPSILON * Math.abs(question.answer) * 4;
    }
    case 'word':
      return typeof answer === 'string' && question.answers.some((right) => normalised(right) === normalised(answer));
  }
}

/** A number as pupils write it: with a comma or a point, and spaces between thousands. NaN if it is none. */
export function numberFrom(text: string): number {
  const plain = text.replace(/\s/g, '').replace(',', '.');
  return /^[+-]?(\d+\.?\d*|\.\d+)$/.test(plain) ? Number(plain) : Number.NaN;
}

const normalised = (text: string): string => text.trim().replace(/\s+/g, ' ').normalize('NFC').toLocaleLowerCase('nl');

function solutionOf(question: QuizQuestion): string {
  switch (question.kind) {
    case 'choice':
      return question.options
        .filter(({ right }) => right)
        .map(({ text }) => text)
        .join(', ');
    case 'number':
      return String(question.answer);
    case 'word':
      return question.answers[0] ?? '';
  }
}
