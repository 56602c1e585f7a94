import { brusselsDay } from '../days/brussels.js';
import type { Dependencies } from '../dependencies.js';
import { fewSeatsKind } from '../notification-kinds.js';
import type { LicensedTools } from '../plans/tools.js';

/** Part of the seats that are taken when a school is told. */
const share = 0.75;
/** Schools that one run tells; the next run tells the others. */
const mostTold = 2_000;
const mostStaff = 50;

type Services = Dependencies & { licensedTools: LicensedTools };

interface Few {
  plan_id: string;
  school_id: string;
  tools: string[];
  free: number;
}

/**
 * Tells schools that three quarters of the seats of a licence, or of their part of it, are taken: once for each number of seats. Requires the
 * system principal.
 */
export class SeatWarnings {
  readonly #services: Services;

  constructor({ knex, clock, access, notifications, licensedTools }: Services) {
    this.#services = { knex, clock, access, notifications, licensedTools } as Services;
  }

  async send(): Promise<void> {
    const { knex, clock, access, notifications, licensedTools } = this.#services;
    if (notifications === undefined) return;
    const today = brusselsDay(clock.now());
    // Claimed with what is told, so that two processes do not tell it both.
    const { rows } = await knex.raw<{ rows: Few[] }>(
      `with taken as (
         select plan_id, school_id, count(*)::int as here from seats where withdrawn_at is null group by plan_id, school_id),
       counted as (
         select p.id as plan_id, g.school_id, p.tools, least(p.seats, coalesce(g.most_seats, p.seats)) as seats,
           least(p.seats - coalesce((select sum(t.here)::int from taken t where t.plan_id = p.id), 0),
             coalesce(g.most_seats, p.seats) - t.here) as free
         from plans p join grants g on g.plan_id = p.id and g.withdrawn_at is null
         join taken t on t.plan_id = p.id and t.school_id = g.school_id
         where p.seats is not null and p.withdrawn_at is null and ?::date between p.starts_on and p.ends_on),
       few as (
         select * from counted c where free <= seats * ${1 - share}
           and not exists (select from seat_warnings w where w.plan_id = c.plan_id and w.school_id = c.school_id and w.seats = c.seats)
         order by plan_id, school_id limit ${mostTold}),
       claimed as (
         insert into seat_warnings (plan_id, school_id, seats) select plan_id, school_id, seats from few
         on conflict do nothing returning plan_id, school_id)
       select few.* from few join claimed using (plan_id, school_id)`,
      [today],
    );
    const names = await licensedTools.names();
    for (const { plan_id, school_id, tools, free } of rows) {
      const to = [
        ...(await access.holdersOf('ict-coordinator', school_id, mostStaff)),
        ...(await access.holdersOf('principal', school_id, mostStaff)),
      ];
      if (to.length === 0) continue;
      const tool = tools.map((key) => names.get(key) ?? key).join(', ');
      await notifications.notify.send({
        kind: fewSeatsKind,
        to: [...new Set(to)],
        place: `/licenties/${plan_id}`,
        params: { tool: tool.slice(0, 200), free: String(Math.max(0, free)) },
      });
    }
  }
}
