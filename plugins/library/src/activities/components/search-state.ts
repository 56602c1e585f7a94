import type { Facet } from '../facet-values.js';

/** Query parameters of chosen values, identical in the page's address and in the API. */
const chosenNames = [
  'kind',
  'concept',
  'age',
  'duration',
  'access',
  'licence',
  'audience',
  'owner',
  'language',
  'provider',
] as const;

export type ChosenName = (typeof chosenNames)[number];

export type Sort = 'relevance' | 'title' | 'newest';

/** The state of the search page, which is completely in the address. */
export interface SearchState {
  q: string;
  chosen: ReadonlyMap<ChosenName, readonly string[]>;
  sort: Sort;
  page: number;
  withdrawn: boolean;
}

export const nothingChosen: SearchState = { q: '', chosen: new Map(), sort: 'relevance', page: 1, withdrawn: false };

export function readState(query: URLSearchParams): SearchState {
  const sort = query.get('sort');
  const page = Number(query.get('page'));
  return {
    q: (query.get('q') ?? '').slice(0, 200),
    chosen: new Map(chosenNames.map((name) => [name, query.getAll(name)] as const).filter(([, values]) => values.length > 0)),
    sort: sort === 'title' || sort === 'newest' ? sort : 'relevance',
    page: Number.isInteger(page) && page > 1 ? page : 1,
    withdrawn: query.get('withdrawn') === 'true',
  };
}

export function toQuery({ q, chosen, sort, page, withdrawn }: SearchState): URLSearchParams {
  const query = new URLSearchParams();
  if (q.trim() !== '') query.set('q', q.trim());
  for (const name of chosenNames) for (const value of chosen.get(name) ?? []) query.append(name, value);
  if (withdrawn) query.set('withdrawn', 'true');
  if (sort !== 'relevance') query.set('sort', sort);
  if (page > 1) query.set('page', String(page));
  return query;
}

export function addressOf(state: SearchState): string {
  const query = toQuery(state).toString();
  return query === '' ? '/bibliotheek' : `/bibliotheek?${query}`;
}

export const isNarrowed = ({ q, chosen, withdrawn }: SearchState): boolean => q.trim() !== '' || chosen.size > 0 || withdrawn;

/** Query parameter of a facet. All facets of concepts share one. */
export const nameOf = (facet: Pick<Facet, 'key' | 'type'>): ChosenName =>
  facet.type === 'concept' ? 'concept' : (facet.key as ChosenName);

export function without(state: SearchState, name: ChosenName, value: string): SearchState {
  return withValues(
    state,
    name,
    (state.chosen.get(name) ?? []).filter((one) => one !== value),
  );
}

/**
 * Chooses a value, or removes the choice. In a tree, a choice replaces chosen ancestors and descendants, because "breuken" would not narrow
 * a search for "wiskunde".
 */
export function toggle(state: SearchState, facet: Facet, value: string): SearchState {
  const name = nameOf(facet);
  const chosen = state.chosen.get(name) ?? [];
  if (chosen.includes(value)) return without(state, name, value);
  const related = new Set(facet.type === 'concept' ? lineage(facet, value) : []);
  return withValues(state, name, [...chosen.filter((one) => !related.has(one)), value]);
}

function withValues(state: SearchState, name: ChosenName, values: readonly string[]): SearchState {
  const chosen = new Map(state.chosen);
  if (values.length === 0) chosen.delete(name);
  else chosen.set(name, values);
  return { ...state, chosen, page: 1 };
}

type Values = Facet['values'];

/** Indexes of a value's ancestors in its tree, nearest first. */
export function ancestorsOf(values: Values, index: number): number[] {
  const found: number[] = [];
  let depth = values[index]?.depth ?? 0;
  for (let at = index - 1; at >= 0 && depth > 0; at -= 1) {
    const above = values[at] as Values[number];
    if (above.depth < depth) {
      found.push(at);
      depth = above.depth;
    }
  }
  return found;
}

function lineage({ values }: Facet, value: string): string[] {
  const index = values.findIndex((one) => one.value === value);
  const self = values[index];
  if (self === undefined) return [];
  const above = ancestorsOf(values, index).map((at) => (values[at] as Values[number]).value);
  const after = values.slice(index + 1);
  const end = after.findIndex(({ depth }) => depth <= self.depth);
  return [...above, ...(end === -1 ? after : after.slice(0, end)).map((one) => one.value)];
}
