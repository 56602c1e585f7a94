import type { Knex } from 'knex';

/**
 * Seconds from a moment to the end of the quiet hours in which it lies; 0 outside them. Computed by PostgreSQL, which knows when clocks
 * change: the end is the next moment at which a clock in that zone shows `to`.
 *
 * @param hours `from` and `to` as `HH:MM`; they may span midnight. The same time twice is no quiet time at all
 * @param zone IANA name of a time zone
 * @param at default: now, by the database's clock
 */
export async function secondsOfQuiet(
  knex: Knex,
  hours: { from: string; to: string },
  zone: string,
  at?: string,
): Promise<number> {
  const { rows } = await knex.raw<{ rows: { seconds: number }[] }>(
    `with moment as (select coalesce(:at::timestamptz, now()) as at),
       local as (select at, at at time zone :zone as wall from moment),
       day as (select at, wall::date + (case when wall::time < :to::time then 0 else 1 end) as last, wall::time as clock from local)
     select case
         when :from::time = :to::time then 0
         when (case when :from::time < :to::time then clock >= :from::time and clock < :to::time
                    else clock >= :from::time or clock < :to::time end)
         then greatest(ceil(extract(epoch from ((last + :to::time) at time zone :zone) - at)), 0)
         else 0 end::int as seconds
     from day`,
    { at: at ?? null, zone, from: hours.from, to: hours.to },
  );
  return rows[0]?.seconds ?? 0;
}
