import type { Knex } from 'knex';
import type { LaunchRates } from '../exports.js';
import type { RefusalCode } from './refusal.js';

/** What people do: opening a launch twice, or one of somebody else. They say nothing about the tool. */
const ofPeople: readonly RefusalCode[] = ['launch-used', 'person-mismatch'];
export const mostTools = 1_000;

/** One statement. A launch that the tool did not take up before it expired counts as failed, also before it is marked. */
export async function ratesOf(knex: Knex, since: Date): Promise<LaunchRates[]> {
  const failed = `(l.state = 'failed' and l.failure <> all(?::text[]) or l.state = 'started' and l.expires_at <= now())`;
  return knex('registrations as r')
    .leftJoin('launches as l', (join) => join.on('l.registration_id', 'r.id').andOn('l.created_at', '>=', knex.raw('?', [since])))
    .where('r.active', true)
    .groupBy('r.key', 'r.name')
    .orderBy(['r.name', 'r.key'])
    .limit(mostTools)
    .select('r.key', 'r.name')
    .select(
      knex.raw(
        `count(l.id)::int as launches, (count(*) filter (where ${failed}))::int as failures,
         count(distinct l.school_id)::int as schools, (count(distinct l.school_id) filter (where ${failed}))::int as "failingSchools",
         percentile_cont(0.5) within group (order by extract(epoch from l.consumed_at - l.started_at)::float)
           filter (where l.consumed_at is not null and l.started_at is not null) as "medianSeconds"`,
        [[...ofPeople], [...ofPeople]],
      ),
    );
}
