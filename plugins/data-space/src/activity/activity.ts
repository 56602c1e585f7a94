import { addDays, type Period, schoolYearOf } from '@ilearn/plugin-cube';
import type { Dependencies } from '../dependencies.js';

/** What is counted of a pupil. */
export const activityMeasures = ['launches', 'steps-done'] as const;

/** What a question can ask about: `pupils` counts who did anything. */
export const measures = ['pupils', ...activityMeasures] as const;
export type ResearchMeasure = (typeof measures)[number];

/** By what a question divides. */
export const groupings = ['region', 'level', 'tool'] as const;
export type Grouping = (typeof groupings)[number] | 'none';

export interface Act {
  school: string;
  personId: string;
  measure: (typeof activityMeasures)[number];
  /** Key of a tool; empty for steps. */
  item: string;
}

/** All that one pupil did: amounts by group, of all schools together. */
export type OnePupil = [group: string, amount: number][];

/** So many pupils are read by one statement. */
const batch = 2_000;
/** What one pupil does in a month is not counted beyond this. */
const most = 100_000;

/**
 * What pupils did, by month, for releases with noise. Of staff nothing is kept. Whoever objects to the reports, or is restricted, is not in
 * it: the database neither stores nor shows such rows.
 */
export class Activity {
  readonly #knex: Dependencies['knex'];
  readonly #calendar: Dependencies['calendar'];

  constructor({ knex, calendar }: Dependencies) {
    this.#knex = knex;
    this.#calendar = calendar;
  }

  async add({ school, personId, measure, item }: Act): Promise<void> {
    const month = `${(await this.#calendar.today()).slice(0, 7)}-01`;
    await this.#knex.raw(
      `insert into activity (month, school_id, person_id, measure, item, amount)
       select ?::date, ?::uuid, id, ?, ?, 1 from directory.people_summaries where id = ? and kind = 'pupil'
       on conflict (person_id, month, school_id, measure, item)
         do update set amount = least(activity.amount + 1, ${most}), updated_at = now()`,
      [month, school, measure, item, personId],
    );
  }

  /**
   * What each pupil did in a period; nobody comes twice.
   *
   * @param tool only what was done with this tool; null: everything
   */
  async *pupils(
    { startsOn, endsOn }: Period,
    measure: ResearchMeasure,
    by: Grouping,
    tool: string | null = null,
  ): AsyncGenerator<OnePupil> {
    for (let after: string | null = null; ; ) {
      const { rows }: { rows: { person_id: string; amounts: OnePupil }[] } = await this.#knex.raw(
        `with page as (
           select distinct person_id from activity
            where month between ?::date and ?::date and (?::text = 'pupils' or measure = ?) and (?::text is null or item = ?) and (?::uuid is null or person_id > ?::uuid)
            order by person_id limit ${batch}
         ),
         amounts as (
           select a.person_id, ${groupSql[by]} as group_key, sum(a.amount)::int as amount
             from activity a
             left join cube.school_places p on p.school_id = a.school_id and p.school_year = ?::date
            where a.person_id in (select person_id from page) and a.month between ?::date and ?::date
              and (?::text = 'pupils' or a.measure = ?) and (?::text is null or a.item = ?) ${by === 'tool' ? `and a.item <> ''` : ''}
            group by 1, 2
         )
         select s.person_id, coalesce(json_agg(json_build_array(g.group_key, g.amount)) filter (where g.amount is not null), '[]') as amounts
           from page s left join amounts g on g.person_id = s.person_id
          group by s.person_id order by s.person_id`,
        [
          ...[startsOn, endsOn, measure, measure, tool, tool, after, after],
          ...[schoolYearOf(startsOn), startsOn, endsOn, measure, measure, tool, tool],
        ],
      );
      for (const { amounts } of rows) yield amounts;
      if (rows.length < batch) return;
      after = (rows.at(-1) as { person_id: string }).person_id;
    }
  }

  /** Whether a period is over and still kept, so that its answers can be computed. */
  async isReady({ startsOn, endsOn }: Period): Promise<boolean> {
    const today = await this.#calendar.today();
    return addDays(endsOn, 2) < today && addDays(startsOn, keptDays) > today;
  }
}

/** Less than the 15 months for which rows are kept. */
const keptDays = 450;

const groupSql: Record<Grouping, string> = {
  none: `''::text`,
  region: `coalesce(p.region, 'unknown')`,
  level: `coalesce(p.level, 'unknown')`,
  tool: 'a.item',
};
