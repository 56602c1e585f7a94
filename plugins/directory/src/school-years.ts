import type { Knex } from 'knex';

/** Each school's latest school year that has begun, or its first year if none has begun. */
export const currentYears = (knex: Knex): Knex.QueryBuilder =>
  knex('school_years')
    .select('school_id')
    .select(knex.raw('coalesce(max(name) filter (where starts_on <= current_date), min(name)) as name'))
    .groupBy('school_id');
