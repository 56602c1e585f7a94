import { uniformBelow } from './random.js';
import type { Rational } from './rational.js';

/*
 * Exact sampling of the discrete Laplace distribution: Canonne, Kamath, Steinke, "The Discrete Gaussian for Differential Privacy" (2020),
 * algorithms 1 and 2. Integers only. A sampler on floating-point numbers would leave gaps that tell the true value.
 */

/** True with probability num/den. `num` ≤ `den`. */
export const bernoulli = ({ num, den }: Rational): boolean => uniformBelow(den) < num;

/** True with probability e^(−num/den), for any fraction that is not negative. */
export function bernoulliExp({ num, den }: Rational): boolean {
  for (let left = num; left > den; left -= den) if (!bernoulliExpToOne({ num: den, den })) return false;
  return bernoulliExpToOne(num > den ? { num: ((num - 1n) % den) + 1n, den } : { num, den });
}

/** For fractions of at most 1: how often Bernoulli(x/1), Bernoulli(x/2), … succeed in a row is even with probability e^(−x). */
function bernoulliExpToOne({ num, den }: Rational): boolean {
  let n = 1n;
  while (bernoulli({ num, den: den * n })) n++;
  return n % 2n === 1n;
}

/**
 * An integer k with probability proportional to e^(−|k|/scale). Scale 0 gives 0.
 *
 * @param scale sensitivity divided by ε
 */
export function discreteLaplace({ num: t, den: s }: Rational): bigint {
  if (t === 0n) return 0n;
  for (;;) {
    const u = uniformBelow(t);
    if (!bernoulliExp({ num: u, den: t })) continue;
    let v = 0n;
    while (bernoulliExp({ num: 1n, den: 1n })) v++;
    const magnitude = (u + t * v) / s;
    const negative = uniformBelow(2n) === 0n;
    // Otherwise 0 would be twice as likely.
    if (negative && magnitude === 0n) continue;
    return negative ? -magnitude : magnitude;
  }
}

/** The smallest integer h for which the noise is between −h and h with probability 0.95; for people, not for proofs. */
export function halfWidth95({ num, den }: Rational): number {
  if (num === 0n) return 0;
  const ratio = Math.exp(-Number(den) / Number(num));
  // P(|X| > h) = 2 · ratio^(h + 1) / (1 + ratio)
  return Math.max(0, Math.ceil(Math.log((0.05 * (1 + ratio)) / 2) / Math.log(ratio) - 1));
}
