import { sample } from './random.js';

/** How much one person may add to a table of sums. */
export interface Bounds {
  /** To how many groups at most (L0). */
  groups: number;
  /** To each of them at most so much (L∞). */
  most: number;
}

/** How much the sums of all groups together can change with one person (L1). */
export const sensitivityOf = ({ groups, most }: Bounds): number => groups * most;

/** Sums by group, and the number of people behind each. */
export class BoundedSums {
  readonly #bounds: Bounds;
  readonly sums = new Map<string, { value: bigint; people: number }>();

  /** @throws RangeError unless the bounds are positive integers: without bounds no noise would be enough */
  constructor(bounds: Bounds) {
    for (const each of [bounds.groups, bounds.most])
      if (!Number.isSafeInteger(each) || each < 1) throw new RangeError('bounds of a contribution must be positive integers');
    this.#bounds = bounds;
  }

  /**
   * Adds everything that one person did, from all schools together. Groups beyond the bound are dropped by a random choice, which does not
   * depend on the amounts.
   *
   * @throws RangeError if an amount is no integer or negative
   */
  addPerson(amounts: Iterable<readonly [group: string, amount: number]>): void {
    const own = new Map<string, number>();
    for (const [group, amount] of amounts) {
      if (!Number.isSafeInteger(amount) || amount < 0) throw new RangeError('an amount must be an integer that is not negative');
      own.set(group, Math.min((own.get(group) ?? 0) + amount, this.#bounds.most));
    }
    for (const [group, amount] of sample([...own], this.#bounds.groups)) {
      const found = this.sums.get(group) ?? { value: 0n, people: 0 };
      this.sums.set(group, { value: found.value + BigInt(amount), people: found.people + 1 });
    }
  }
}
