import { allTables, complete100, divisions, easyTables, plusMinus20, plusMinus100, splits } from './arithmetic.js';
import type { Choice, Question } from './question.js';
import { shuffled } from './random.js';
import { hedgehog, lostCat, type ReadingText } from './reading-texts.js';

/** Number of questions in a set about a text. */
const readingSetSize = 6;

/** Six random questions about a text, in its order, with shuffled options. */
const reading = (source: ReadingText) => (): Question[] => {
  const chosen = new Set(shuffled([...source.questions.keys()]).slice(0, readingSetSize));
  return source.questions
    .filter((_, index) => chosen.has(index))
    .map(({ text, options }): Choice => {
      const order = shuffled(options);
      return { kind: 'choice', passage: source, text, options: order, correct: order.indexOf(options[0]) };
    });
};

/** Exercises by the value of the custom parameter `exercise`. Each call makes a new set of questions. */
const exercises = {
  'splits-10': splits,
  'plus-minus-20': plusMinus20,
  'plus-minus-100': plusMinus100,
  'complete-100': complete100,
  'tables-2-5-10': easyTables,
  tables: allTables,
  divisions,
  'reading-cat': reading(lostCat),
  'reading-hedgehog': reading(hedgehog),
};

export type ExerciseKey = keyof typeof exercises;
export const exerciseKeys = Object.keys(exercises) as ExerciseKey[];

export const isExercise = (key: unknown): key is ExerciseKey => typeof key === 'string' && Object.hasOwn(exercises, key);

export const questionsOf = (key: ExerciseKey): Question[] => exercises[key]();
