import { uniformBelow } from './random.js';
import { expBelow, fixed, one, type Rational } from './rational.js';

/**
 * The probability, as a fixed-point number, with which a group of so many people may be named, if the names of the groups are not public: the
 * largest that (ε, δ)-differential privacy allows (Desfontaines, Voss, Gipson, Mandayam, "Differentially private partition selection", 2022,
 * theorem 1). Rounded so that it is never too large. A group of nobody is never named, one of a single person with probability δ.
 */
export function keepProbability(people: number, epsilon: Rational, delta: Rational): bigint {
  const growth = expBelow(epsilon);
  const step = fixed(delta);
  let kept = 0n;
  for (let n = 0; n < people && kept < one; n++) {
    const upwards = (growth * kept) / one + step;
    const left = one - kept - step;
    // 1 − left / e^ε, with the quotient rounded up.
    const downwards = left <= 0n ? one : one - (left * one + growth - 1n) / growth;
    kept = [upwards, downwards, one].reduce((least, each) => (each < least ? each : least));
  }
  return kept;
}

/** Draws whether a group may be named. */
export const isKept = (people: number, epsilon: Rational, delta: Rational): boolean =>
  uniformBelow(one) < keepProbability(people, epsilon, delta);
