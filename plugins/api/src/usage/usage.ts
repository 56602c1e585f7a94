import { notFound } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { Counted } from './recorder.js';
import { mostRoutes, type UsageView } from './usage-view.js';

const days = 30;

/** Sums of bigint, which arrive as text. */
interface Sums {
  day: string;
  route: string;
  last: string;
  answered: string;
  refused: string;
}

/** How often apps called which route about which school. No data about people. */
export class Usage {
  readonly #knex: Knex;
  readonly #calendar: Dependencies['calendar'];
  readonly #directory: Dependencies['directory'];

  constructor({ knex, calendar, directory }: Dependencies) {
    this.#knex = knex;
    this.#calendar = calendar;
    this.#directory = directory;
  }

  /** Adds counts to those of today. Ignores clients that are no apps, such as those of tests. */
  async add(counts: readonly Counted[]): Promise<void> {
    const column = (name: keyof Counted) => counts.map((each) => each[name]);
    await this.#knex.raw(
      `insert into calls as known (app_id, school_id, provider_id, day, route, answered, refused)
       select counted.app, counted.school, app.provider_id, ?::date, counted.route, counted.answered, counted.refused
         from unnest(?::uuid[], ?::uuid[], ?::text[], ?::bigint[], ?::bigint[]) as counted (app, school, route, answered, refused)
         join apps app on app.id = counted.app
        order by counted.app, counted.school, counted.route
       on conflict (app_id, school_id, day, route)
       do update set answered = known.answered + excluded.answered, refused = known.refused + excluded.refused`,
      [
        await this.#calendar.today(),
        column('app'),
        column('school'),
        column('route'),
        column('answered'),
        column('refused'),
      ] as unknown as string[],
    );
  }

  /** Calls of each app about a school that were answered in the last 30 days. */
  async totals(school: string): Promise<Map<string, number>> {
    const rows: { app_id: string; answered: string }[] = await this.#since(school).groupBy('app_id').select('app_id').sum({
      answered: 'answered',
    });
    return new Map(rows.map(({ app_id, answered }) => [app_id, Number(answered)]));
  }

  /** @throws Problem 404 for a school for which the caller does not act */
  async of(school: string, app: string): Promise<UsageView> {
    if ((await this.#directory.schools.get(school)) === null) throw notFound();
    const sums = { answered: 'answered', refused: 'refused' };
    const byDay: Sums[] = await this.#since(school).where({ app_id: app }).groupBy('day').orderBy('day').select('day').sum(sums);
    const byRoute: Sums[] = await this.#since(school)
      .where({ app_id: app })
      .groupBy('route')
      .select('route')
      .sum(sums)
      .max({ last: 'day' })
      .orderBy([{ column: 'answered', order: 'desc' }, 'route'])
      .limit(mostRoutes + 1);
    const counts = ({ answered, refused }: Sums) => ({
      answered: Number(answered),
      refused: Number(refused),
    });
    return {
      days: byDay.map((row) => ({ day: row.day, ...counts(row) })),
      routes: byRoute.slice(0, mostRoutes).map((row) => ({ route: row.route, last: row.last, ...counts(row) })),
      more: byRoute.length > mostRoutes,
    };
  }

  #since(school: string): Knex.QueryBuilder {
    return this.#knex('calls').where({ school_id: school }).whereRaw('day > current_date - ?::int', [days]);
  }
}
