import { randomBytes } from 'node:crypto';

/** Random bytes of the operating system, read ahead; each is used once. */
let ahead: Buffer = Buffer.alloc(0);

function take(count: number): Buffer {
  if (count > 1_024) return randomBytes(count);
  if (ahead.length < count) ahead = randomBytes(4_096);
  const taken = ahead.subarray(0, count);
  ahead = ahead.subarray(count);
  return taken;
}

/**
 * A uniformly distributed integer, 0 ≤ result < `bound`, from the random bytes of the operating system. Values that reach the bound are
 * drawn again, so that none is more likely than another.
 *
 * @throws RangeError if the bound is not positive
 */
export function uniformBelow(bound: bigint): bigint {
  if (bound <= 0n) throw new RangeError('the bound of a random number must be positive');
  const bits = bound.toString(2).length;
  const bytes = Math.ceil(bits / 8);
  const mask = (1n << BigInt(bits)) - 1n;
  for (;;) {
    const drawn = BigInt(`0x${take(bytes).toString('hex')}`) & mask;
    if (drawn < bound) return drawn;
  }
}

/** `count` different elements of a list, each set of them equally likely. The list itself if it has no more. */
export function sample<T>(list: readonly T[], count: number): T[] {
  const mixed = [...list];
  if (mixed.length <= count) return mixed;
  for (let at = 0; at < count; at++) {
    const from = at + Number(uniformBelow(BigInt(mixed.length - at)));
    [mixed[at], mixed[from]] = [mixed[from] as T, mixed[at] as T];
  }
  return mixed.slice(0, count);
}
