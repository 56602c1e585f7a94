import type { Dependencies } from '../dependencies.js';
import { schoolYearOf } from '../periods.js';

/** So many schools are placed by one statement. */
const batch = 500;

/**
 * Level, region and group of each school in a school year. They are fixed once figures of the year are published: if a school moved to
 * another group in between, two totals would differ by that school alone.
 */
export class Places {
  readonly #knex: Dependencies['knex'];
  readonly #settings: Dependencies['settings'];
  readonly #directory: Dependencies['directory'];

  constructor({ knex, settings, directory }: Dependencies) {
    this.#knex = knex;
    this.#settings = settings;
    this.#directory = directory;
  }

  /** Places all schools in the school year of a day; those that came later in the year are added. */
  async place(day: string): Promise<void> {
    const school_year = schoolYearOf(day);
    const isFixed = (await this.#knex('publications').where('starts_on', '>=', school_year).first('grain')) !== undefined;
    const schools = await this.#directory.schools.list();
    const groups = await this.#directory.schools.groupBySchool(schools.map(({ id }) => id));
    for (let from = 0; from < schools.length; from += batch) {
      const rows = await Promise.all(
        schools.slice(from, from + batch).map(async ({ id, name }) => {
          const { level, region } = await this.#settings.of(id);
          const group = groups.get(id);
          const placed = { level, region, group_id: group?.id ?? null, group_name: group?.name ?? null };
          return { school_year, school_id: id, school_name: name, ...placed };
        }),
      );
      const stored = this.#knex('places').insert(rows).onConflict(['school_year', 'school_id']);
      await (isFixed ? stored.ignore() : stored.merge());
    }
  }
}
