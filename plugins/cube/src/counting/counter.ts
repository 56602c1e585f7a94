import type { Dependencies } from '../dependencies.js';

/** So many marks are counted by one statement. */
const batch = 20_000;

/**
 * Turns marks into cells: totals by school, in which no person can be found. People are counted once in a period with the help of the table
 * `seen`; since the cells are raised in the same statement, they keep what was counted when a person is erased later.
 */
export class Counter {
  readonly #knex: Dependencies['knex'];
  readonly #locks: Dependencies['locks'];

  constructor({ knex, locks }: Dependencies) {
    this.#knex = knex;
    this.#locks = locks;
  }

  /** Counts some marks; returns whether there may be more. */
  async countSome(): Promise<boolean> {
    await this.#locks.take('count');
    const { rows } = await this.#knex.raw(count, [batch]);
    return rows[0].taken === batch;
  }

  /** Deletes who was seen in periods that were published: nobody is added to them any more. */
  async forget(): Promise<void> {
    await this.#knex('seen').where('grain', 'day').where('ends_on', '<', this.#knex.raw('current_date - 14')).delete();
    await this.#knex('seen')
      .whereExists(this.#knex('publications as p').whereRaw('p.grain = seen.grain and p.starts_on = seen.starts_on'))
      .delete();
  }
}

/**
 * One statement. What happened on a day that is published already counts for the first day after it, so that published numbers and those
 * that follow hang together.
 */
const count = `
  with taken as (
    delete from marks where id in (select id from marks order by id limit ?)
    returning school_id, person_id, measure, items, amount,
      greatest(day, coalesce((select max(ends_on) + 1 from publications), day)) as day
  ),
  named as (
    select t.school_id, t.person_id, t.items, t.amount, t.day,
      case when t.measure <> 'active' then t.measure when p.kind = 'pupil' then 'pupils' else 'teachers' end as measure
    from taken t left join directory.people_summaries p on p.id = t.person_id
    where p.id is not null and (p.kind = 'pupil' or t.measure not in ('steps-done', 'paths-walked', 'results', 'results-reached'))
  ),
  days as (
    insert into seen (grain, starts_on, ends_on, school_id, measure, item, person_id)
    select distinct 'day', day, day, school_id, 'pupil-days', item, person_id
    from named cross join lateral unnest(items) as item where measure = 'pupils'
    on conflict do nothing
    returning school_id, person_id, item, starts_on as day
  ),
  counted as (
    select school_id, person_id, measure, items, amount, day from named
    union all
    select school_id, person_id, 'pupil-days', array[item], 1, day from days
  ),
  spread as (
    select c.school_id, c.person_id, c.measure, each.item, c.amount, period.grain, period.starts_on, period.ends_on
    from counted c
    cross join lateral unnest(c.items || ''::text) as each(item)
    cross join lateral (
      values
        ('week', date_trunc('week', c.day)::date, date_trunc('week', c.day)::date + 6),
        ('month', date_trunc('month', c.day)::date, (date_trunc('month', c.day) + interval '1 month')::date - 1),
        ('year', (date_trunc('year', c.day - interval '8 months') + interval '8 months')::date,
          (date_trunc('year', c.day - interval '8 months') + interval '20 months')::date - 1)
    ) as period(grain, starts_on, ends_on)
  ),
  heads as (
    insert into seen (grain, starts_on, ends_on, school_id, measure, item, person_id)
    select distinct grain, starts_on, ends_on, school_id, measure, item, person_id from spread
    on conflict do nothing
    returning grain, starts_on, school_id, measure, item
  ),
  began as (
    insert into started (measure, day) select measure, min(day) from counted group by measure
    on conflict do nothing
  ),
  added as (
    insert into cells (grain, starts_on, school_id, measure, item, value, people)
    select grain, starts_on, school_id, measure, item, sum(amount), sum(head)
    from (
      select grain, starts_on, school_id, measure, item, amount, 0 as head from spread
      union all
      select grain, starts_on, school_id, measure, item, 0, 1 from heads
    ) parts
    group by grain, starts_on, school_id, measure, item
    on conflict (grain, starts_on, school_id, measure, item)
      do update set value = cells.value + excluded.value, people = cells.people + excluded.people
  )
  select count(*)::int as taken from taken`;
