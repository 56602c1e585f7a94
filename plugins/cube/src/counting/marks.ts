import type { Dependencies } from '../dependencies.js';
import type { MeasureId } from '../measures.js';

/**
 * What happened, to be counted. `active`: somebody did something, which counts as a pupil or a teacher by who they are in the directory.
 */
export interface Mark {
  school: string;
  personId: string;
  measure: MeasureId | 'active';
  /** Parts of the measure to which it counts, such as a tool. */
  items?: readonly string[];
  /** Default 1. */
  amount?: number;
}

/** Takes down what happened, for the next count. People who object to the reports leave no mark: the database drops the row. */
export class Marks {
  readonly #knex: Dependencies['knex'];
  readonly #calendar: Dependencies['calendar'];

  constructor({ knex, calendar }: Dependencies) {
    this.#knex = knex;
    this.#calendar = calendar;
  }

  async add(marks: readonly Mark[]): Promise<void> {
    if (marks.length === 0) return;
    const day = await this.#calendar.today();
    await this.#knex('marks').insert(
      marks.map(({ school, personId, measure, items = [], amount = 1 }) => ({
        ...{ school_id: school, person_id: personId, measure, day, amount },
        items: [...new Set(items)],
      })),
    );
  }

  /** Keeps how a tool or goal is called. */
  async name(item: string, name: string): Promise<void> {
    await this.#knex('items').insert({ item, name }).onConflict('item').merge().whereRaw('items.name <> excluded.name');
  }
}
