import type { PastAssignment, PastResult } from '@ilearn/plugin-myway';
import type { MadeStep } from '../content/make-paths.js';
import { Random } from './random.js';
import type { Hours, SchoolDays } from './school-days.js';
import type { Temperament } from './temperaments.js';

/** Change it to get other results. */
const seed = 'i-Learn 1';
/** Score below which a pupil tries again, as a share of the maximum. */
const goodEnough = 0.6;

export interface AssignmentToGenerate extends Pick<PastAssignment, 'pathId' | 'classId' | 'byPersonId'> {
  /** Name of the path and the class, by which its results differ from others. */
  name: string;
  steps: readonly MadeStep[];
  pupils: ReadonlyMap<string, Temperament>;
  /** Offsets in school days. */
  given: number;
  due: number | null;
  ended: number | null;
}

/** Generates an assignment with results up to the last school day before today. The same input gives the same output. */
export function generate(
  { name, steps, pupils, given, due, ended, ...ids }: AssignmentToGenerate,
  days: SchoolDays,
  hours: Hours,
): PastAssignment {
  const last = Math.min(ended ?? 0, 0) - 1;
  const workable = last - given + 1;
  const elapsed = Math.min(1, workable / ((due ?? given + 20) - given));
  const results = [...pupils].flatMap(([pupilId, temperament]) => {
    const random = new Random(`${seed} ${name} ${pupilId}`);
    const done = doneSteps(steps, temperament, elapsed, random);
    return new Worker({
      pupilId,
      random,
      hours,
      temperament,
      dayOf: dayPicker(temperament, given, last, days, done, random),
    }).work(steps, done);
  });
  return {
    ...ids,
    givenAt: hours.moment(days.at(given), 8 * 60 + 10),
    dueOn: due === null ? null : days.at(due),
    endedAt: ended === null ? null : hours.moment(days.at(ended), 15 * 60 + 45),
    results,
  };
}

/** The number of steps from the start that the pupil has done. */
function doneSteps(steps: readonly MadeStep[], temperament: Temperament, elapsed: number, random: Random): number {
  const total = steps.length;
  switch (temperament) {
    case 'halfway':
      return elapsed === 1 ? total : Math.max(1, Math.min(total - 2, Math.round(total * elapsed * 0.6)));
    case 'ahead':
      return total;
    case 'quiet':
      return 0;
    case 'late':
      return 1;
    case 'slow':
      return Math.floor(total * elapsed * random.between(0.3, 0.6));
    case 'waiting':
      return Math.max(0, Math.min(2, total - 2));
    case 'trying': {
      const second = steps.findIndex(({ scoreMaximum }, index) => scoreMaximum !== null && index > 0);
      return second === -1 ? Math.floor(total * elapsed * 0.5) : second + 1;
    }
    default: {
      const reached = total * elapsed * random.between(0.8, 1.15);
      // A path that ended was done by most.
      return elapsed === 1 && random.chance(0.75) ? total : Math.min(total, Math.round(reached));
    }
  }
}

/** Returns the day of the pupil's step number `index`. */
function dayPicker(
  temperament: Temperament,
  given: number,
  last: number,
  days: SchoolDays,
  done: number,
  random: Random,
): (index: number) => string {
  const span = last - given;
  if (temperament === 'late') return () => days.at(last);
  if (temperament === 'ahead') return (index) => days.at(Math.min(last, given + (index < done / 2 ? 0 : 1)));
  if (temperament === 'waiting') return () => days.at(given);
  const start = random.between(0, Math.min(2, span));
  const pace = (span - start) / Math.max(1, done);
  return (index) => days.at(Math.min(last, given + Math.floor(start + pace * (index + random.between(0.2, 0.95)))));
}

interface WorkerInput {
  pupilId: string;
  random: Random;
  hours: Hours;
  temperament: Temperament;
  dayOf: (index: number) => string;
}

/** A pupil at work: each step begins after the one before it, in school hours or at home in the evening. */
class Worker {
  readonly #input: WorkerInput;
  readonly #ability: number;
  #day = '';
  #minute = 0;

  constructor(input: WorkerInput) {
    this.#input = input;
    this.#ability = { ahead: 0.95, slow: 0.68, trying: 0.35 }[input.temperament as string] ?? input.random.between(0.65, 0.97);
  }

  work(steps: readonly MadeStep[], done: number): PastResult[] {
    const { random, temperament } = this.#input;
    const results: PastResult[] = [];
    for (const [index, step] of steps.entries()) {
      if (index > done || (index === done && !this.#opensNext(temperament))) break;
      if (!step.required && temperament !== 'ahead' && random.chance(0.6)) continue;
      results.push(index === done ? this.#opened(index) : this.#done(index, step));
    }
    return results;
  }

  /** Whether the pupil opened the step after the last one that they did. */
  #opensNext(temperament: Temperament): boolean {
    return temperament === 'waiting' || (temperament === 'steady' && this.#input.random.chance(0.25));
  }

  #opened(index: number): PastResult {
    const startedAt = this.#begin(index);
    return { step: index, pupilId: this.#input.pupilId, startedAt, doneAt: null, doneBy: null, attempts: [] };
  }

  #done(index: number, { minutes, scoreMaximum }: MadeStep): PastResult {
    const { pupilId, random, temperament } = this.#input;
    const startedAt = this.#begin(index);
    const doneAt = this.#later(minutes * random.between(0.6, 1.4));
    if (scoreMaximum === null) return { step: index, pupilId, startedAt, doneAt, doneBy: 'pupil', attempts: [] };
    const attempts = [{ given: this.#score(scoreMaximum, 0), maximum: scoreMaximum, at: doneAt }];
    const most = temperament === 'trying' ? random.whole(3, 4) : 2;
    while (attempts.length < most && (attempts.at(-1)?.given ?? 0) / scoreMaximum < goodEnough) {
      attempts.push({
        given: this.#score(scoreMaximum, attempts.length),
        maximum: scoreMaximum,
        at: this.#later(minutes * random.between(0.5, 1)),
      });
    }
    return { step: index, pupilId, startedAt, doneAt, doneBy: 'tool', attempts };
  }

  /** A whole number of points. Who tries again does a little better, but who is stuck stays below what is good enough. */
  #score(maximum: number, tries: number): number {
    const { random, temperament } = this.#input;
    const share = this.#ability + random.between(-0.15, 0.12) + tries * 0.08;
    const most = temperament === 'trying' ? goodEnough - 0.1 : 1;
    return Math.round(Math.max(0.1, Math.min(most, share)) * maximum);
  }

  /** Moves on to the day of this step, if that has come, and begins. */
  #begin(index: number): Date {
    const { random, dayOf } = this.#input;
    const day = dayOf(index);
    if (day > this.#day) {
      this.#day = day;
      this.#minute = random.chance(0.15) ? random.between(16.5 * 60, 17.5 * 60) : random.between(8.6 * 60, 10.5 * 60);
    }
    return this.#later(random.between(1, 4));
  }

  #later(minutes: number): Date {
    this.#minute += minutes;
    return this.#input.hours.moment(this.#day, this.#minute);
  }
}
