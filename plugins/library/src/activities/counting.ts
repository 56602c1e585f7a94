import type { Access, SourcesByAccess } from './access.js';
import type { Entry } from './entries.js';
import type { ActivityQuery } from './filter.js';
import type { ValueIds } from './value-ids.js';

/** What a reader chose in one facet: an activity must have one of these values. */
export interface Condition {
  facet: string;
  /** Numbers of the values; those that no activity has are left out. */
  values: readonly number[];
}

export interface Counted {
  /** The activities that meet all conditions, in the order given. */
  found: Entry[];
  /** How many activities a value has if the other facets narrow the search as they do now. */
  countOf: (facet: string, id: number) => number;
}

/** The conditions of a query. Values of one facet are alternatives. */
export function conditionsOf(query: ActivityQuery, ids: ValueIds, facetOfConcept: (uri: string) => string): Condition[] {
  const chosen = new Map<string, number[]>();
  const add = (facet: string, valuesOf: string, values: readonly string[]) => {
    for (const value of values) {
      const id = ids.find(valuesOf, value);
      chosen.set(facet, [...(chosen.get(facet) ?? []), ...(id === undefined ? [] : [id])]);
    }
  };
  for (const facet of ['kind', 'language', 'provider', 'audience', 'owner', 'age', 'duration', 'access', 'licence'] as const) {
    add(facet, facet, query[facet]);
  }
  for (const uri of query.concept) add(facetOfConcept(uri), 'concept', [uri]);
  return [...chosen].map(([facet, values]) => ({ facet, values }));
}

/** Finds the number of an activity's value in the facet `access`, or -1. */
export function accessIds(ids: ValueIds, sources: SourcesByAccess): (entry: Entry) => number {
  const open = ids.of('access', 'open');
  const bySource = new Int32Array(ids.size).fill(-1);
  for (const access of ['paid', 'account', 'open'] satisfies Access[]) {
    for (const source of sources[access]) {
      const id = ids.find('source', source);
      if (id !== undefined) bySource[id] = ids.of('access', access);
    }
  }
  return ({ kind, source }) => (kind === 'text' ? open : (bySource[source] as number));
}

/**
 * Finds the number of an activity's value in the facet `licence`: `ready` or `missing`. Always -1 if no licence is missing, because there
 * is nothing to choose then.
 */
export function licenceIds(ids: ValueIds, unlicensed: readonly string[]): (entry: Entry) => number {
  if (unlicensed.length === 0) return () => -1;
  const missing = new Set(unlicensed.flatMap((source) => ids.find('source', source) ?? []));
  const [ready, without] = [ids.of('licence', 'ready'), ids.of('licence', 'missing')];
  return ({ source }) => (missing.has(source) ? without : ready);
}

/** Conditions whose misses are counted: one bit each in a number. Facets are fewer; single concepts in no facet may be more. */
const mostCounted = 30;

/**
 * Finds and counts in one pass. An activity that misses one condition is counted in the facet of that condition, where choosing its value as
 * well would find it; one that misses two is counted nowhere.
 *
 * @param entries each activity that the reader may find, once
 * @param size how many values have a number
 */
export function count(
  entries: Iterable<Entry>,
  conditions: readonly Condition[],
  size: number,
  accessOf: (entry: Entry) => number,
  licenceOf: (entry: Entry) => number = () => -1,
): Counted {
  const counted = conditions.slice(0, mostCounted);
  const others = conditions.slice(mostCounted).map(({ values }) => new Set(values));
  // Bit n of a value says that it meets condition n.
  const meets = new Int32Array(size);
  for (const [n, { values }] of counted.entries()) for (const id of values) meets[id] = (meets[id] as number) | (1 << n);
  const all = (1 << counted.length) - 1;
  const inAll = new Uint32Array(size);
  const missingOne = counted.map(() => new Uint32Array(size));
  const found: Entry[] = [];
  // Loops by index within: they run for every activity of the library with each search.
  for (const entry of entries) {
    const { from, to } = entry;
    const { numbers } = entry.values;
    const access = accessOf(entry);
    const licence = licenceOf(entry);
    let met = access === -1 ? 0 : (meets[access] as number);
    if (licence !== -1) met |= meets[licence] as number;
    if (all !== 0) for (let n = from; n < to; n += 1) met |= meets[numbers[n] as number] as number;
    const missed = all & ~met;
    if ((missed & (missed - 1)) !== 0) continue;
    if (others.length > 0 && !others.every((values) => hasOne(numbers.subarray(from, to), values))) continue;
    if (missed === 0) found.push(entry);
    const counts = missed === 0 ? inAll : (missingOne[31 - Math.clz32(missed)] as Uint32Array);
    if (access !== -1) counts[access] = (counts[access] as number) + 1;
    if (licence !== -1) counts[licence] = (counts[licence] as number) + 1;
    for (let n = from; n < to; n += 1) {
      const id = numbers[n] as number;
      counts[id] = (counts[id] as number) + 1;
    }
  }
  const placeOf = new Map(counted.map(({ facet }, n) => [facet, n]));
  const countOf = (facet: string, id: number): number => {
    const place = placeOf.get(facet);
    return (inAll[id] as number) + (place === undefined ? 0 : (missingOne[place]?.[id] as number));
  };
  return { found, countOf };
}

const hasOne = (ids: Uint32Array, values: ReadonlySet<number>): boolean => ids.some((id) => values.has(id));
