/** A fraction that is not negative, in integers. */
export interface Rational {
  num: bigint;
  /** Positive. */
  den: bigint;
}

/** Fixed-point numbers have so many bits after the point. */
const bits = 128n;
export const one = 1n << bits;

/** A fraction as a fixed-point number, rounded down. */
export const fixed = ({ num, den }: Rational): bigint => (num << bits) / den;

/** e^x as a fixed-point number, never more than the true value: a partial sum of its series, each term rounded down. */
export function expBelow({ num, den }: Rational): bigint {
  let sum = one;
  let term = one;
  for (let n = 1n; term > 0n; n++) {
    term = (term * num) / (den * n);
    sum += term;
  }
  return sum;
}
