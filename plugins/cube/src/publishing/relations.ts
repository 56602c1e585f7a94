import { neverLarger } from '../measures.js';
import { addDays, type Grain, overlap, type Period, schoolYearOf, within } from '../periods.js';
import type { Relation } from '../suppression/rule.js';
import { type Coordinates, type FigureCell, isPublished, keyOf, type Place, type PlaceKind } from './hierarchy.js';

const endless = Number.POSITIVE_INFINITY;

/**
 * How published numbers hang together, as everybody can know: totals and their parts over places, tools and periods, and measures that limit
 * each other.
 *
 * @param periods all that are published, also those in which nothing happened: there every number is 0
 * @param places of the schools, by the first day of the school year
 */
export function relationsOf(
  cells: readonly FigureCell[],
  periods: readonly Period[],
  places: ReadonlyMap<string, ReadonlyMap<string, Place>>,
): Relation[] {
  const index = new Map(cells.map((cell, at) => [keyOf(cell), at]));
  const find = (cell: Coordinates): number | undefined => index.get(keyOf(cell));
  return [
    ...overPlaces(cells, places),
    ...overItems(cells, find),
    ...overMeasures(cells, find),
    ...overPeriods(cells, periods, find),
  ];
}

/** `whole` − Σ `parts`, between bounds. */
const difference = (whole: number, parts: readonly number[], low: number, high: number): Relation => ({
  ...{ cells: [whole, ...parts], low, high },
  signs: [1, ...parts.map(() => -1)],
});

/** Each larger place is the sum of the places in it that are published, down to the schools. */
function overPlaces(cells: readonly FigureCell[], places: ReadonlyMap<string, ReadonlyMap<string, Place>>): Relation[] {
  const parts = new Map<string, number[]>();
  for (const [at, cell] of cells.entries()) {
    for (const [kind, place] of above(cell, places.get(schoolYearOf(cell.period.startsOn)))) {
      const key = `${keyOf({ ...cell, kind, place })}|${cell.kind}`;
      const found = parts.get(key);
      if (found === undefined) parts.set(key, [at]);
      else found.push(at);
    }
  }
  const kinds: PlaceKind[] = ['school', 'level', 'region'];
  return cells.flatMap((cell, at) =>
    kinds.flatMap((kind) => {
      const found = parts.get(`${keyOf(cell)}|${kind}`);
      return found === undefined ? [] : [difference(at, found, 0, 0)];
    }),
  );
}

function above({ kind, place }: FigureCell, places: ReadonlyMap<string, Place> | undefined): [PlaceKind, string][] {
  if (kind === 'level' || kind === 'region') return [['all', '']];
  if (kind !== 'school') return [];
  const { level, region, group } = places?.get(place) ?? { level: 'unknown', region: 'unknown', group: null };
  return [['level', level], ['region', region], ...(group === null ? [] : ([['group', group]] as [PlaceKind, string][]))];
}

/** A measure is the sum of its parts, or at least as large as each of them. */
function overItems(cells: readonly FigureCell[], find: (cell: Coordinates) => number | undefined): Relation[] {
  const sums = new Map<number, number[]>();
  const relations: Relation[] = [];
  for (const [at, cell] of cells.entries()) {
    if (cell.item === '') continue;
    const whole = find({ ...cell, item: '' });
    if (whole === undefined) continue;
    if (cell.measure.addsUp) sums.set(whole, [...(sums.get(whole) ?? []), at]);
    else if (cell.measure.items !== 'field') relations.push(difference(whole, [at], 0, endless));
  }
  return [...relations, ...[...sums].map(([whole, parts]) => difference(whole, parts, 0, 0))];
}

function overMeasures(cells: readonly FigureCell[], find: (cell: Coordinates) => number | undefined): Relation[] {
  const relations: Relation[] = [];
  const link = (larger: number | undefined, smaller: number, high: number): void => {
    if (larger !== undefined) relations.push(difference(larger, [smaller], 0, high));
  };
  for (const [at, cell] of cells.entries()) {
    for (const [smaller, id] of neverLarger) {
      // As a whole, pupils also count who used no tool.
      if (cell.measure.id !== smaller || (smaller === 'pupils' && cell.item === '')) continue;
      link(find({ ...cell, measure: { id } }), at, endless);
    }
    if (cell.measure.id === 'shared' && cell.item !== '') {
      const [tool = '', field] = cell.item.split(' ');
      // Every launch tells the pseudonym, so these two numbers are the same.
      link(find({ ...cell, measure: { id: 'launches' }, item: tool }), at, field === 'pseudonym' ? 0 : endless);
    }
  }
  return relations;
}

/**
 * Sums of the weeks or months in a longer period are at most its number, and those of all that touch it at least; people who come in several
 * of them count once. A school year is the sum of its months.
 */
function overPeriods(
  cells: readonly FigureCell[],
  periods: readonly Period[],
  find: (cell: Coordinates) => number | undefined,
): Relation[] {
  const known = new Map<string, ReturnType<typeof shorterPeriods>>();
  const partsOf = (period: Period, grain: Grain) => {
    const key = `${grain} ${period.grain} ${period.startsOn}`;
    const found = known.get(key) ?? shorterPeriods(period, grain, periods);
    known.set(key, found);
    return found;
  };
  return cells.flatMap((cell, at) => {
    const { grain } = cell.period;
    const shorter = grain === 'year' ? (['month', 'week'] as const) : grain === 'month' ? (['week'] as const) : [];
    const comparable = shorter.filter((each) => isPublished(cell.measure, { grain: each }, cell.kind, cell.item));
    return comparable.flatMap((each): Relation[] => {
      const { touching, isCovered, sameYear } = partsOf(cell.period, each);
      const indexOf = (period: Period) => find({ ...cell, period });
      const inside = touching.filter((period) => within(period, cell.period)).flatMap((period) => indexOf(period) ?? []);
      const all = touching.flatMap((period) => indexOf(period) ?? []);
      const adds = cell.unit === 'sum';
      if (adds && each === 'month' && isCovered) return [difference(at, all, 0, 0)];
      return [
        ...(inside.length === 0
          ? []
          : adds
            ? [difference(at, inside, 0, endless)]
            : inside.map((one) => difference(at, [one], 0, endless))),
        // Where a school moved to another place with the school year, the first week may count it elsewhere.
        ...(isCovered && (cell.kind === 'all' || sameYear) ? [difference(at, all, Number.NEGATIVE_INFINITY, 0)] : []),
      ];
    });
  });
}

/** The periods of a kind that touch a longer one, whether they cover it, and whether all begin in its school year. */
function shorterPeriods(period: Period, grain: Grain, periods: readonly Period[]) {
  const touching = periods.filter((each) => each.grain === grain && overlap(each, period));
  const sameYear = touching.every(({ startsOn }) => schoolYearOf(startsOn) === schoolYearOf(period.startsOn));
  return { touching, isCovered: covers(touching, period), sameYear };
}

/** Whether these periods together cover another one. */
function covers(parts: readonly Period[], { startsOn, endsOn }: Period): boolean {
  const sorted = [...parts].sort((one, other) => (one.startsOn < other.startsOn ? -1 : 1));
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined || first.startsOn > startsOn || last.endsOn < endsOn) return false;
  return sorted.every((part, at) => at === 0 || addDays((sorted[at - 1] as Period).endsOn, 1) === part.startsOn);
}
