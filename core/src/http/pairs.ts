/** Collects the names and values of a query or form. The values of a repeated name become an array. */
export function collectPairs(pairs: Iterable<readonly [string, string]>): Record<string, string | string[]> {
  const collected = new Map<string, string | string[]>();
  for (const [name, value] of pairs) {
    const before = collected.get(name);
    if (before === undefined) collected.set(name, value);
    else if (typeof before === 'string') collected.set(name, [before, value]);
    else before.push(value);
  }
  return Object.fromEntries(collected);
}
