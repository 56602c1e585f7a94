import { type ExerciseKey, questionsOf } from './exercises/exercises.js';
import { type Question, readAnswer, solutionOf } from './exercises/question.js';
import type { Launch } from './lti/launch.js';
import { currentTime } from './time.js';

export type Delivery = 'none' | 'sent' | 'failed';

export interface Given {
  answer: number;
  right: boolean;
}

/** One child at one exercise. What is right is known here only, never in the page. */
export class Session {
  #questions: Question[] = [];
  #given: Given[] = [];
  /** The answer to the last question is being shown. */
  #reviewing = false;
  #finishedAt: Date | null = null;
  /** The last input was no answer. */
  unreadable = false;
  delivery: Delivery = 'none';

  constructor(
    readonly launch: Launch,
    readonly exercise: ExerciseKey,
    readonly language: string,
  ) {
    this.restart();
  }

  /** Begins anew, with other questions. */
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

  /** Index of the question on the page: the one asked, or the one just answered. */
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

  /** The result is to be shown. */
  get done(): boolean {
    return this.#finishedAt !== null && !this.#reviewing;
  }

  get right(): number {
    return this.#given.filter(({ right }) => right).length;
  }

  /** Takes an answer to the question at `position`; one that was answered already keeps its first answer. */
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
