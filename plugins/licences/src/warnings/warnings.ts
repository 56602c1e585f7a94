import { brusselsDay } from '../days/brussels.js';
import type { Dependencies } from '../dependencies.js';
import { endingKind } from '../notification-kinds.js';
import type { LicensedTools } from '../plans/tools.js';

/** Days before the end at which schools are warned. */
export const warningDays = [30, 7, 1] as const;
export type WarningDays = (typeof warningDays)[number];

/** Warnings of one run; the next run sends the others. */
const mostWarnings = 2_000;
const mostStaff = 50;

type Services = Dependencies & { licensedTools: LicensedTools };

interface Ending {
  plan_id: string;
  school_id: string;
  tools: string[];
  ends_on: string;
}

/** Warns schools of licences that end soon, once for each of {@link warningDays}. Requires the system principal. */
export class Warnings {
  readonly #services: Services;

  constructor({ knex, clock, events, access, notifications, licensedTools }: Services) {
    this.#services = { knex, clock, events, access, notifications, licensedTools } as Services;
  }

  async send(): Promise<void> {
    const { licensedTools, clock } = this.#services;
    const today = brusselsDay(clock.now());
    const names = await licensedTools.names();
    // The shortest first: whoever learns that a licence ends tomorrow need not be told that it ends within 30 days.
    for (const days of [...warningDays].reverse()) {
      for (const ending of await this.#due(days, today)) await this.#warn(ending, days, names);
    }
  }

  /** Claims what is due, so that two processes do not send it both. */
  async #due(days: WarningDays, today: string): Promise<Ending[]> {
    const { rows } = await this.#services.knex.raw<{ rows: Ending[] }>(
      `with ending as (
         select p.id as plan_id, g.school_id, p.ends_on,
           -- Those that still need a licence of the provider, and that no other plan of the school continues.
           array(select tool from unnest(p.tools) as tool join tools t on t.tool_key = tool and t.provider_id = p.provider_id
             where not exists (
               select from plans n join grants h on h.plan_id = n.id and h.school_id = g.school_id and h.withdrawn_at is null
               where n.withdrawn_at is null and n.provider_id = p.provider_id and tool = any(n.tools)
                 and n.starts_on <= p.ends_on + p.grace_days + 1 and n.ends_on > p.ends_on)) as tools
         from plans p join grants g on g.plan_id = p.id and g.withdrawn_at is null
         where p.withdrawn_at is null and p.starts_on <= ?::date and p.ends_on between ?::date and ?::date + ?::int
           and not exists (select from warnings w where w.plan_id = p.id and w.school_id = g.school_id and w.days <= ?::int)),
       due as (
         select * from ending where cardinality(tools) > 0 order by ends_on, plan_id, school_id limit ${mostWarnings}),
       claimed as (
         insert into warnings (plan_id, school_id, days) select plan_id, school_id, ?::int from due
         on conflict do nothing returning plan_id, school_id)
       select due.* from due join claimed using (plan_id, school_id)`,
      [today, today, today, days, days, days],
    );
    return rows;
  }

  async #warn(
    { plan_id, school_id, tools, ends_on }: Ending,
    days: WarningDays,
    names: ReadonlyMap<string, string>,
  ): Promise<void> {
    const { events, access, notifications } = this.#services;
    const named = tools.map((key) => names.get(key) ?? key).join(', ');
    await events.publish('ending', { school: school_id, plan: plan_id, tools, names: named, day: ends_on, days });
    if (notifications === undefined) return;
    const to = [
      ...(await access.holdersOf('ict-coordinator', school_id, mostStaff)),
      ...(await access.holdersOf('principal', school_id, mostStaff)),
    ];
    if (to.length === 0) return;
    await notifications.notify.send({
      kind: endingKind(days),
      to: [...new Set(to)],
      place: `/licenties/${plan_id}`,
      params: { tool: named.slice(0, 200), day: written(ends_on) },
    });
  }
}

/** A day as people write it in the three languages: `31/8/2027`. */
const written = (day: string): string => day.split('-').reverse().map(Number).join('/');
