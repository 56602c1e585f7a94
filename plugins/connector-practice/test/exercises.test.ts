import { describe, expect, it } from 'vitest';
import { exerciseKeys, questionsOf } from '../src/tool/exercises/exercises.js';
import { type Question, readAnswer, solutionOf } from '../src/tool/exercises/question.js';
import { solution } from '../src/tool/pages/question-page.js';

const rounds = 50;
const sets = (key: (typeof exerciseKeys)[number]): Question[][] => Array.from({ length: rounds }, () => questionsOf(key));
const sums = (key: (typeof exerciseKeys)[number]) =>
  sets(key).flatMap((questions) => questions.flatMap((question) => (question.kind === 'sum' ? [question] : [])));

describe('every exercise', () => {
  it.each(exerciseKeys)('%s has as many different questions as declared, each with one right answer', (key) => {
    for (const questions of sets(key)) {
      expect(questions).toHaveLength(key.startsWith('reading') ? 6 : 10);
      expect(new Set(questions.map((question) => JSON.stringify(question))).size).toBe(questions.length);
      for (const question of questions) {
        const right = solutionOf(question);
        expect(Number.isInteger(right)).toBe(true);
        expect(right).toBeGreaterThanOrEqual(0);
        expect(readAnswer(question, ` ${right} `)).toBe(right);
        expect(solution(question)).toContain(question.kind === 'choice' ? question.options[right] : String(right));
      }
    }
  });

  it.each(exerciseKeys)('%s varies from time to time', (key) => {
    expect(new Set(sets(key).map((questions) => JSON.stringify(questions))).size).toBeGreaterThan(1);
  });
});

describe('sums', () => {
  it('are right', () => {
    for (const key of exerciseKeys) {
      for (const { left, sign, right, result } of sums(key)) {
        const expected = sign === '+' ? left + right : sign === '−' ? left - right : sign === '×' ? left * right : left / right;
        expect(result).toBe(expected);
      }
    }
  });

  it('stay within the range that their name states', () => {
    for (const { left, right, result } of sums('plus-minus-20')) expect(Math.max(left, right, result)).toBeLessThanOrEqual(20);
    for (const { left, right, result } of [...sums('plus-minus-100'), ...sums('complete-100')]) {
      expect(Math.max(left, right, result)).toBeLessThanOrEqual(100);
      expect(Math.min(right, result)).toBeGreaterThan(0);
    }
    for (const { left, right } of sums('tables-2-5-10'))
      expect([left, right].some((factor) => [2, 5, 10].includes(factor))).toBe(true);
    for (const { right, result } of sums('divisions')) expect(Math.max(right, result)).toBeLessThanOrEqual(10);
  });

  it('cross ten in half of the sums up to 20', () => {
    for (const questions of sets('plus-minus-20')) {
      const crossing = questions.filter(
        (question) => question.kind === 'sum' && Math.floor(question.left / 10) !== Math.floor(question.result / 10),
      );
      expect(crossing.length).toBeGreaterThanOrEqual(5);
    }
  });
});

describe('questions on a text', () => {
  it('are in the order of the text, and the position of an answer does not reveal it', () => {
    const places = sets('reading-hedgehog').flatMap((questions) => questions.map(solutionOf));
    expect(new Set(places)).toEqual(new Set([0, 1, 2]));
  });
});

describe('an answer', () => {
  const question: Question = { kind: 'sum', left: 3, sign: '+', right: 4, result: 7, missing: 'result' };
  it.each(['', ' ', 'zeven', '7.0', '-7', '7 8', '1e1', '９', '1234567'])('%j is not valid', (text) => {
    expect(readAnswer(question, text)).toBeNull();
  });
  it('to a multiple-choice question is one of its options', () => {
    const choice: Question = {
      kind: 'choice',
      passage: { title: '', paragraphs: [] },
      text: '',
      options: ['a', 'b'],
      correct: 0,
    };
    expect(readAnswer(choice, '1')).toBe(1);
    expect(readAnswer(choice, '2')).toBeNull();
  });
});
