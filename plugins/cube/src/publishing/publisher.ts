import type { Places } from '../counting/places.js';
import type { Dependencies } from '../dependencies.js';
import { addDays, type Grain, grains, nextPeriod, type Period, periodOf, schoolYearOf } from '../periods.js';
import type { Mark } from '../suppression/rule.js';
import type { Draft, Publication } from './decide.js';
import { type CountedRow, type FigureCell, keyOf, type PeriodCounts, type Place } from './hierarchy.js';
import { linkedTo } from './reach.js';

/** So many days after its end a period is published. What is counted later counts for the next one. */
const days = 2;
/** Their calendars say which weeks are holidays. */
const schoolsAsked = 5;
/** So many figures are stored by one statement. */
const batch = 1_000;

interface FigureRow {
  grain: Grain;
  starts_on: string;
  measure: string;
  place_kind: FigureCell['kind'];
  place: string;
  item: string;
  mark: Mark['kind'];
  value: number | null;
}

/**
 * Publishes what was counted. Nothing else writes `figures`, and nothing else of the counts is exported, so no number leaves without having
 * passed the suppression. A period is published once, and never changes.
 */
export class Publisher {
  readonly #knex: Dependencies['knex'];
  readonly #calendar: Dependencies['calendar'];
  readonly #locks: Dependencies['locks'];
  readonly #places: Places;

  constructor({ knex, calendar, locks, places }: Dependencies & { places: Places }) {
    this.#knex = knex;
    this.#calendar = calendar;
    this.#locks = locks;
    this.#places = places;
  }

  /** Places the schools for the period that is published next. Returns whether there is one. */
  async prepare(): Promise<boolean> {
    const period = await this.#due(await this.#published());
    if (period === null) return false;
    await this.#places.place(period.startsOn);
    return true;
  }

  /** What is known of the period that ended first and is not published yet, and of those that hang together with it; null: none is due. */
  async draft(): Promise<Draft | null> {
    const published = await this.#published();
    const period = await this.#due(published);
    if (period === null) return null;
    const linked = linkedTo(period, published);
    const places = await this.#placesOf([period, ...linked]);
    const counts = [
      await this.#countsOf(period, places, null),
      ...(await Promise.all(linked.map(async (each) => this.#countsOf(each, places, await this.#marksOf(each))))),
    ];
    return { period, counts, places, after: published.length };
  }

  /** Stores what is published. Returns false if another process published in between. */
  async store({ period, cells, marks, places, after }: Publication): Promise<boolean> {
    await this.#locks.take('publish');
    if ((await this.#published()).length !== after) return false;
    await this.#store(period, cells, marks, places.get(schoolYearOf(period.startsOn)) ?? new Map());
    return true;
  }

  async #published(): Promise<Period[]> {
    const rows = await this.#knex('publications').select('grain', 'starts_on', 'ends_on');
    return rows.map(({ grain, starts_on, ends_on }) => ({ grain, startsOn: starts_on, endsOn: ends_on }));
  }

  async #due(published: readonly Period[]): Promise<Period | null> {
    const { first } = (await this.#knex('started').min('day as first').first()) ?? {};
    if (!first) return null;
    const last = addDays(await this.#calendar.today(), -days);
    const next = grains.map((grain) => {
      const latest = published
        .filter((each) => each.grain === grain)
        .sort(byEnd)
        .at(-1);
      return latest === undefined ? periodOf(grain, first) : nextPeriod(latest);
    });
    return next.filter(({ endsOn }) => endsOn < last).sort(byEnd)[0] ?? null;
  }

  async #countsOf(
    period: Period,
    places: ReadonlyMap<string, ReadonlyMap<string, Place>>,
    published: PeriodCounts['published'],
  ): Promise<PeriodCounts> {
    const rows: (CountedRow & { value: string | number })[] = await this.#knex('cells')
      .where({ grain: period.grain, starts_on: period.startsOn })
      .select({ school: 'school_id' }, 'measure', 'item', 'value', 'people');
    return {
      ...{ period, published },
      rows: rows.map((row) => ({ ...row, value: Number(row.value) })),
      places: places.get(schoolYearOf(period.startsOn)) ?? new Map(),
    };
  }

  async #placesOf(periods: readonly Period[]): Promise<Map<string, Map<string, Place>>> {
    const years = [...new Set(periods.map(({ startsOn }) => schoolYearOf(startsOn)))];
    const rows = await this.#knex('places')
      .whereIn('school_year', years)
      .select('school_year', 'school_id', 'level', 'region', 'group_id');
    const found = new Map<string, Map<string, Place>>(years.map((year) => [year, new Map()]));
    for (const { school_year, school_id, level, region, group_id } of rows)
      found.get(school_year)?.set(school_id, { level, region, group: group_id });
    return found;
  }

  async #marksOf(period: Period): Promise<Map<string, Mark>> {
    const rows: FigureRow[] = await this.#knex('figures').where({ grain: period.grain, starts_on: period.startsOn });
    return new Map(
      rows.map((row) => {
        const { measure: id, place_kind: kind, place, item } = row;
        const mark: Mark = row.mark === 'shown' ? { kind: 'shown', value: row.value as number } : { kind: row.mark };
        return [keyOf({ period, measure: { id: id as FigureCell['measure']['id'] }, kind, place, item }), mark];
      }),
    );
  }

  async #store(
    period: Period,
    cells: readonly FigureCell[],
    marks: readonly Mark[],
    places: ReadonlyMap<string, Place>,
  ): Promise<void> {
    const rows = cells.flatMap((cell, at) => {
      if (cell.published !== null) return [];
      const mark = marks[at] as Mark;
      const { measure, kind: place_kind, place, item } = cell;
      return {
        ...{ grain: period.grain, starts_on: period.startsOn, measure: measure.id, place_kind, place, item, mark: mark.kind },
        value: mark.kind === 'shown' ? mark.value : null,
        tenant_ids: readersOf(cell, places),
      };
    });
    for (let from = 0; from < rows.length; from += batch) await this.#knex('figures').insert(rows.slice(from, from + batch));
    const { grain, startsOn: starts_on, endsOn: ends_on } = period;
    const school_days = await this.#schoolDays(period, [...places.keys()].slice(0, schoolsAsked));
    await this.#knex('publications').insert({ grain, starts_on, ends_on, school_days });
  }

  /** The number of days in a period on which one of these schools is open. */
  async #schoolDays({ startsOn, endsOn }: Period, schools: readonly string[]): Promise<number> {
    let found = 0;
    for (let day = startsOn; day <= endsOn; day = addDays(day, 1)) {
      const open = await Promise.all(schools.map((school) => this.#calendar.isSchoolDay(school, day)));
      if (open.includes(true)) found++;
    }
    return found;
  }
}

const byEnd = (one: Period, other: Period): number =>
  one.endsOn === other.endsOn ? grains.indexOf(one.grain) - grains.indexOf(other.grain) : one.endsOn < other.endsOn ? -1 : 1;

/** The schools that may read a figure; null: everybody. */
function readersOf({ kind, place }: FigureCell, places: ReadonlyMap<string, Place>): string[] | null {
  if (kind === 'school') return [place];
  if (kind !== 'group') return null;
  return [...places].filter(([, { group }]) => group === place).map(([school]) => school);
}
