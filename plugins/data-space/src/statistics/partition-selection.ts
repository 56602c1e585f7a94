import { expBelow, fixed, one, type Rational } from './rational.js';

/**
 * The probabilities, as fixed-point numbers, with which groups may be named, if the names of the groups are not public: the largest that
 * (ε, δ)-differential privacy allows (Desfontaines, Voss, Gipson, Mandayam, "Differentially private partition selection", 2022, theorem 1).
 * Rounded so that none is too large. A group of nobody is never named, one of a single person with probability δ.
 */
export class KeepProbabilities {
  readonly #growth: bigint;
  readonly #step: bigint;
  #people = 0;
  #kept = 0n;

  constructor(epsilon: Rational, delta: Rational) {
    this.#growth = expBelow(epsilon);
    this.#step = fixed(delta);
  }

  /**
   * @param people in the group: never fewer than in the call before, whose result this one continues
   * @throws RangeError if they are fewer
   */
  of(people: number): bigint {
    if (people < this.#people) throw new RangeError('groups must be given by their number of people, the smallest first');
    for (; this.#people < people && this.#kept < one; this.#people++) {
      const upwards = (this.#growth * this.#kept) / one + this.#step;
      const left = one - this.#kept - this.#step;
      // 1 − left / e^ε, with the quotient rounded up.
      const downwards = left <= 0n ? one : one - (left * one + this.#growth - 1n) / this.#growth;
      this.#kept = [upwards, downwards, one].reduce((least, each) => (each < least ? each : least));
    }
    return this.#kept;
  }
}
