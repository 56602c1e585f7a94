import { type Measure, type MeasureId, measures } from '../measures.js';
import type { Period } from '../periods.js';
import type { Cell, Mark } from '../suppression/rule.js';

/** Kinds of places. Every school is in one level and one region, and in a group or none. */
export type PlaceKind = 'all' | 'region' | 'level' | 'group' | 'school';

/** Where a school is counted in a school year. */
export interface Place {
  level: string;
  region: string;
  group: string | null;
}

/** What was counted for a school in a period. `item`: a part of the measure; empty: the whole. */
export interface CountedRow {
  school: string;
  measure: string;
  item: string;
  value: number;
  people: number;
}

/** What is known of one period. */
export interface PeriodCounts {
  period: Period;
  rows: readonly CountedRow[];
  places: ReadonlyMap<string, Place>;
  /** By {@link keyOf}; null: the period is to be published now. */
  published: ReadonlyMap<string, Mark> | null;
}

/** A number that is published, with its coordinates. */
export interface FigureCell extends Cell {
  period: Period;
  measure: Measure;
  kind: PlaceKind;
  place: string;
  item: string;
}

export type Coordinates = Pick<FigureCell, 'kind' | 'place' | 'item'> & { measure: Pick<Measure, 'id'>; period: Period };

export const keyOf = ({ period, measure, kind, place, item }: Coordinates): string =>
  [period.grain, period.startsOn, measure.id, kind, place, item].join('|');

const weights: Record<PlaceKind, number> = { school: 1, group: 2, level: 3, region: 3, all: 5 };

const nowhere: Place = { level: 'unknown', region: 'unknown', group: null };

/** The places in which a school is counted, from the school itself to the whole portal. */
function placesOf(school: string, { level, region, group }: Place): [PlaceKind, string][] {
  return [
    ['school', school],
    ...(group === null ? [] : ([['group', group]] as [PlaceKind, string][])),
    ['level', level],
    ['region', region],
    ['all', ''],
  ];
}

/** Which numbers of the cube are published. Whole measures everywhere; parts less finely, so that there are fewer small numbers. */
export function isPublished({ id, items }: Measure, { grain }: Pick<Period, 'grain'>, kind: PlaceKind, item: string): boolean {
  if (id === 'schools' && kind === 'school') return false;
  if (item === '') return true;
  if (items === 'field') return grain !== 'week' && kind === 'school';
  if (items === 'objective') return grain !== 'week' && kind !== 'region' && kind !== 'level';
  return kind === 'all' || (grain !== 'week' && kind !== 'region');
}

const countsItems: MeasureId[] = ['pupils', 'teachers'];

/** The cells of a period: what was counted for the schools, added up by place. Numbers that are 0 have no cell; everybody knows them. */
export function cellsOf({ period, rows, places, published }: PeriodCounts): FigureCell[] {
  const cells = new Map<string, FigureCell>();
  const add = (measure: Measure, row: Pick<CountedRow, 'school' | 'item'>, value: number, people: number): void => {
    for (const [kind, place] of placesOf(row.school, places.get(row.school) ?? nowhere)) {
      if (!isPublished(measure, period, kind, row.item)) continue;
      const { item } = row;
      const key = keyOf({ period, measure, kind, place, item });
      const found = cells.get(key);
      if (found !== undefined) {
        found.value += value;
        found.people += people;
        if (found.insider !== row.school) found.insider = null;
        continue;
      }
      const weight = weights[kind] * (item === '' ? 2 : 1);
      const mark: Mark | null = published === null ? null : (published.get(key) ?? { kind: 'withheld' });
      const { unit } = measure;
      cells.set(key, {
        ...{ period, measure, kind, place, item, value, people, unit, weight },
        ...{ insider: row.school, published: mark },
      });
    }
  };
  const active = new Set<string>();
  for (const row of rows) {
    for (const measure of measures) {
      if ((measure.peopleOf ?? measure.id) !== row.measure) continue;
      const value = measure.unit === 'people' ? row.people : row.value;
      if (value > 0) add(measure, row, value, row.people);
    }
    // A school is active with a tool if a pupil or a teacher is.
    if (countsItems.includes(row.measure as MeasureId) && row.people > 0) active.add(`${row.school}|${row.item}`);
  }
  const schools = measures.find(({ id }) => id === 'schools') as Measure;
  for (const each of active) {
    const [school = '', item = ''] = each.split('|');
    add(schools, { school, item }, 1, 1);
  }
  return [...cells.values()];
}
