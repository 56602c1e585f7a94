import { randomInt } from 'node:crypto';

/** A random whole number from `low` up to and including `high`. */
export const between = (low: number, high: number): number => randomInt(low, high + 1);

export function oneOf<T>(items: readonly T[]): T {
  return items[randomInt(items.length)] as T;
}

/** The items, shuffled (Fisher–Yates). */
export function shuffled<T>(items: readonly T[]): T[] {
  const result = [...items];
  for (let last = result.length - 1; last > 0; last -= 1) {
    const other = randomInt(last + 1);
    [result[last], result[other]] = [result[other] as T, result[last] as T];
  }
  return result;
}

/** Up to `count` different items from `make`; fewer if `count` × 200 calls do not yield enough. */
export function distinct<T>(count: number, make: () => T): T[] {
  const found = new Map<string, T>();
  for (let tries = 0; found.size < count && tries < count * 200; tries += 1) {
    const item = make();
    found.set(JSON.stringify(item), item);
  }
  return [...found.values()];
}
