import { z } from 'zod';
import type { ConceptFacet } from '../curriculum/facets.js';
import { groupBy } from '../group-by.js';
import { type ActivityQuery, ageBands, durationBands } from './filter.js';

export const facet = z.object({
  key: z.string(),
  type: z.enum(['value', 'concept']),
  label: z.string().nullable().describe('Name of the collection; null for facets that the user interface names itself'),
  group: z.string().nullable(),
  values: z
    .array(
      z.object({
        value: z.string(),
        label: z.string().nullable(),
        count: z.int(),
        chosen: z.boolean(),
        depth: z.int().describe('0 at the top; a value lies below the nearest one before it with a smaller depth'),
      }),
    )
    .max(1_000),
  more: z.int().describe('Values that are not listed, those with the smallest counts'),
});

export type Facet = z.output<typeof facet>;
type Value = Facet['values'][number];

export interface CountRow {
  facet: string;
  value: string;
  count: number;
}

const listed = 100;

const fixedOrder: Record<string, readonly string[]> = {
  kind: ['lti', 'link', 'text'],
  access: ['open', 'account', 'paid'],
  licence: ['ready', 'missing'],
  audience: ['pupil', 'teacher'],
  owner: ['shared', 'school', 'mine'],
  age: ageBands.map(({ value }) => value),
  duration: durationBands.map(({ value }) => value),
};

const plainKeys = ['kind', 'licence', 'age', 'duration', 'access', 'audience', 'owner', 'language', 'provider'] as const;

/** Facets with their counted values, and chosen values even if their count is 0. */
export function plainFacets(query: ActivityQuery, counts: CountRow[]): Facet[] {
  return plainKeys.flatMap((key) => {
    const chosen = new Set<string>(query[key]);
    const byValue = new Map(counts.filter((row) => row.facet === key).map(({ value, count }) => [value, count]));
    for (const value of chosen) if (!byValue.has(value)) byValue.set(value, 0);
    const order = fixedOrder[key];
    const values = [...byValue].map(
      ([value, count]): Value => ({ value, label: null, count, chosen: chosen.has(value), depth: 0 }),
    );
    values.sort(order ? (a, b) => order.indexOf(a.value) - order.indexOf(b.value) : byCount);
    return values.length === 0 ? [] : [{ key, type: 'value', label: null, group: null, ...cut(values) }];
  });
}

const byCount = (a: Value, b: Value): number => b.count - a.count || (a.value < b.value ? -1 : 1);

function cut(values: Value[]): Pick<Facet, 'values' | 'more'> {
  const kept = values.filter(({ chosen }, n) => chosen || n < listed);
  return { values: kept, more: values.length - kept.length };
}

interface Node {
  uri: string;
  label: string;
  broader: string[];
}

/**
 * A facet of concepts as a depth-first list of its tree; null if it has nothing to show.
 *
 * @param countOf number of activities on a concept or a narrower one
 */
export function conceptFacetOf(
  { key, label, group, members }: ConceptFacet,
  countOf: (uri: string) => number,
  concepts: ReadonlyMap<string, Node>,
  chosen: ReadonlySet<string>,
): Facet | null {
  const rows = [...members].map(([value, position]) => ({ value, count: countOf(value), position }));
  const kept = rows.filter(({ count }) => count > 0).sort((a, b) => b.count - a.count || a.position - b.position);
  const shown = kept.filter(({ value }, n) => n < listed || chosen.has(value));
  if (shown.length === 0) return null;
  const isShown = new Set(shown.map(({ value }) => value));
  const labelOf = (uri: string) => concepts.get(uri)?.label ?? uri;
  const inOrder = shown.sort((a, b) => a.position - b.position || (labelOf(a.value) < labelOf(b.value) ? -1 : 1));
  const below = groupBy(inOrder, ({ value }) => concepts.get(value)?.broader.find((one) => isShown.has(one)));
  const values: Value[] = [];
  const added = new Set<string>();
  const add = ({ value, count }: (typeof shown)[number], depth: number) => {
    if (added.has(value)) return;
    added.add(value);
    values.push({ value, label: labelOf(value), count, chosen: chosen.has(value), depth });
    for (const child of below.get(value) ?? []) add(child, depth + 1);
  };
  for (const row of below.get(undefined) ?? []) add(row, 0);
  // Concepts in a cycle of broader relations have no top concept above them.
  for (const row of inOrder) add(row, 0);
  return { key, type: 'concept', label, group, values, more: kept.length - shown.length };
}
