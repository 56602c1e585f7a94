import { type ExerciseKey, questionsOf } from './exercises/exercises.js';
import { type Question, readAnswer, solutionOf } from './exercises/question.js';
import type { Launch } from './lti/launch.js';
import { currentTime } from './time.js';

export type Delivery = 'none' | 'sent' | 'failed';

export interface Given {
  answer: number;
  right: boolean;
}

/** One child's work on one exercise. The page never contains the correct answers. */
export class Session {
  #questions: Question[] = [];
  #given: Given[] = [];
  /** The answer to the last question is being shown. */
  #reviewing = false;
  #finishedAt: Date | null = null;
  /** The last input was not a valid answer. */
  unreadable = false;
  delivery: Delivery = 'none';

  constructor(
    readonly launch: Launch,
    readonly exercise: ExerciseKey,
    readonly language: string,
  ) {
    this.restart();
  }

  /** Starts again with new questions. */
  restart(): void {
    this.#questions = questionsOf(this.exercise);
    this.#given = [];
    this.#reviewing = false;
    this.#finishedAt = null;
    this.unreadable = false;
    this.delivery = 'none';
  }

  get questions(): readonly Question[] {
    return this.#questions;
  }

  get given(): readonly Given[] {
    return this.#given;
  }

  /** Index of the question on the page: the current one, or the one just answered. */
  get position(): number {
    return this.#reviewing ? this.#given.length - 1 : this.#given.length;
  }

  get reviewing(): boolean {
    return this.#reviewing;
  }

  /** When the last question was answered. */
  get finishedAt(): Date | null {
    return this.#finishedAt;
  }

  /** All questions were answered and reviewed; the result comes next. */
  get done(): boolean {
    return this.#finishedAt !== null && !this.#reviewing;
  }

  get right(): number {
    return this.#given.filter(({ right }) => right).length;
  }

  /** Records an answer to the question at `position`. Only the first answer counts. */
  answer(position: number, text: string): void {
    const question = this.#questions[position];
    if (this.#reviewing || question === undefined || position !== this.#given.length) return;
    const answer = readAnswer(question, text);
    this.unreadable = answer === null;
    if (answer === null) return;
    this.#given.push({ answer, right: answer === solutionOf(question) });
    this.#reviewing = true;
    if (this.#given.length === this.#questions.length) this.#finishedAt = currentTime();
  }

  next(): void {
    this.#reviewing = false;
  }
}
