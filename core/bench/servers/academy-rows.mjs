/**
 * Adds published trainings, events to come and sign-ups of one provider and one school.
 *
 * @param {{ raw(sql: string, bindings: unknown[]): Promise<unknown> }} knex of the academy
 * @param {{ provider: string; school: string }} tenants
 * @param {{ trainings: number; events: number; enrolments: number }} size
 */
export async function addAcademyRows(knex, { provider, school }, { trainings, events, enrolments }) {
  await knex.raw(
    `insert into trainings (provider_id, provider_name, title, goals, tools, foci, levels, state, search)
     select ?::uuid, 'De Kaai', title, 'Leerlingen lezen beter.', array['Leeslijn'], array['focus ' || n % 30], array['primary'], 'published',
       to_tsvector('dutch', title || ' Leerlingen lezen beter.')
     from generate_series(1, ?::int) n, lateral (select 'Begrijpend lezen deel ' || n as title) t`,
    [provider, trainings],
  );
  await knex.raw(
    `with t as (select id, row_number() over () as n from trainings)
     insert into events (training_id, provider_id, capacity, region, starts_at, ends_at)
     select t.id, ?::uuid, 20, 'online', now() + make_interval(days => e % 300 + 1), now() + make_interval(days => e % 300 + 1, hours => 2)
     from generate_series(1, ?::int) e join t on t.n = e % ?::int + 1`,
    [provider, events, trainings],
  );
  await knex.raw(
    `with v as (select id, row_number() over () as n from events)
     insert into enrolments (event_id, school_id, provider_id, person_id, state, queue_no)
     select v.id, ?::uuid, ?::uuid, gen_random_uuid(), case when s <= ?::int * 0.8 then 'booked' else 'waitlisted' end, s
     from generate_series(1, ?::int) s join v on v.n = s % ?::int + 1`,
    [school, provider, enrolments, enrolments, events],
  );
}
