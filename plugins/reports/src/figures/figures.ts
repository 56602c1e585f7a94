import { measures } from '@ilearn/plugin-cube';
import type { Dependencies } from '../dependencies.js';
import {
  type FigureList,
  type FigureQuery,
  type MeasureText,
  mostFigures,
  mostNames,
  mostPeriods,
  type Scope,
} from './shapes.js';

/**
 * The only reader of published figures: every page, table and download gets its numbers here. It reads views of the plugin `cube`, in which
 * everything has passed the suppression; the database role of this plugin may read nothing else of it. Figures of a school or group are
 * limited to its schools by row-level security.
 */
export class Figures {
  readonly #knex: Dependencies['knex'];

  constructor({ knex }: Dependencies) {
    this.#knex = knex;
  }

  /** Three statements. */
  async read({ measure, grain, from, detail, item }: FigureQuery, { kind, place }: Scope): Promise<FigureList> {
    const since = from ?? '0001-01-01';
    const found = this.#knex('cube.published_figures')
      .where({ grain, place_kind: kind })
      .whereIn('measure', measure)
      .where('starts_on', '>=', since)
      .select({ startsOn: 'starts_on' }, 'measure', 'place', 'item', 'mark', 'value')
      .orderBy([{ column: 'starts_on', order: 'desc' }, 'measure', 'place', 'item'])
      .limit(mostFigures + 1);
    if (place !== undefined) found.where({ place });
    if (item !== undefined) found.where({ item });
    else if (detail === 'whole') found.where({ item: '' });
    else found.whereNot({ item: '' });
    const rows: FigureList['figures'] = await found;
    const periods: FigureList['periods'] = await this.#knex('cube.published_periods')
      .where({ grain })
      .where('starts_on', '>=', since)
      .select({ startsOn: 'starts_on', endsOn: 'ends_on', schoolDays: 'school_days' })
      .orderBy('starts_on', 'desc')
      .limit(mostPeriods);
    const figures = rows.slice(0, mostFigures);
    return {
      ...{ figures, more: rows.length > mostFigures, names: await this.#names(figures) },
      periods: periods.reverse(),
    };
  }

  /** Tools, and goals, by their keys. Of a field, such as `practice name`, the tool. */
  async #names(figures: FigureList['figures']): Promise<FigureList['names']> {
    const items = [...new Set(figures.flatMap(({ item }) => (item === '' ? [] : [item, item.split(' ')[0] as string])))];
    if (items.length === 0) return [];
    return this.#knex('cube.item_names')
      .whereRaw('item = any(?::text[])', [items])
      .select('item', 'name')
      .orderBy('item')
      .limit(mostNames);
  }

  /** The numbers that exist, and since when. */
  async measures(): Promise<MeasureText[]> {
    const rows: { measure: string; day: string }[] = await this.#knex('cube.measure_starts').select('measure', 'day');
    const since = new Map(rows.map(({ measure, day }) => [measure, day]));
    // The number of schools that are active follows from their people.
    const people = [since.get('pupils'), since.get('teachers')].flatMap((day) => day ?? []).sort()[0];
    return measures.map(({ id, unit, items, owner, peopleOf }) => ({
      ...{ id, unit, items, owner },
      since: (id === 'schools' ? people : since.get(peopleOf ?? id)) ?? null,
    }));
  }

  /** The schools of the caller and their groups, as they are counted in the latest school year. */
  async places(): Promise<{ schools: { id: string; name: string }[]; groups: { id: string; name: string }[] }> {
    const rows: { school_id: string; school_name: string; group_id: string | null; group_name: string | null }[] =
      await this.#knex('cube.school_places')
        .distinctOn('school_id')
        .orderBy(['school_id', { column: 'school_year', order: 'desc' }])
        .select('school_id', 'school_name', 'group_id', 'group_name')
        .limit(mostPlaces);
    const groups = new Map(rows.flatMap(({ group_id, group_name }) => (group_id === null ? [] : [[group_id, group_name ?? '']])));
    return {
      schools: sorted(rows.map(({ school_id: id, school_name: name }) => ({ id, name }))),
      groups: sorted([...groups].map(([id, name]) => ({ id: id as string, name: name as string }))),
    };
  }
}

export const mostPlaces = 5_000;

const sorted = (places: { id: string; name: string }[]) => places.sort((one, other) => one.name.localeCompare(other.name, 'nl'));
