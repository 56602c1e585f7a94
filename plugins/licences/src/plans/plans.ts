import { notFound, type Position, systemPrincipal } from '@ilearn/core';
import { brusselsDay } from '../days/brussels.js';
import type { SeatLedger } from '../decisions/seat-ledger.js';
import type { Dependencies } from '../dependencies.js';
import { conflicting, unacceptable } from '../problems.js';
import { type PlanInput, type PlanRow, type ProviderPlan, planColumns, type Renewal } from './plan.js';
import { shownTerms, stateOf } from './shown.js';
import type { LicensedTools } from './tools.js';

type Services = Dependencies & { licensedTools: LicensedTools; seatLedger: SeatLedger };

interface ListedRow extends PlanRow {
  created_at: Date;
  schools: number;
  renewed_by: string | null;
}

/** The plans of a provider: what it gives to schools. */
export class Plans {
  readonly #services: Services;

  constructor(services: Services) {
    const { knex, principal, clock, actAs, directory, licensedTools, seatLedger } = services;
    this.#services = { knex, principal, clock, actAs, directory, licensedTools, seatLedger } as Services;
  }

  /** The newest first. @throws 404 for a provider for which the caller does not act */
  async list(
    provider: string,
    limit: number,
    after: Position | null,
  ): Promise<{ plan: ProviderPlan; position: [string, string] }[]> {
    await this.provider(provider);
    const { knex, licensedTools } = this.#services;
    const found = this.#listed().where('p.provider_id', provider).orderBy('p.created_at', 'desc').orderBy('p.id').limit(limit);
    if (after !== null)
      found.whereRaw('(p.created_at < ? or (p.created_at = ? and p.id > ?))', [...after.slice(0, 1), ...after] as string[]);
    const rows: ListedRow[] = await found.select(knex.raw('p.created_at::text as position'));
    const [names, used] = [await licensedTools.names(), await this.used(rows.map(({ id }) => id))];
    return rows.map((row) => ({
      plan: this.#shown(row, names, used),
      position: [(row as ListedRow & { position: string }).position, row.id],
    }));
  }

  async one(id: string): Promise<ProviderPlan> {
    await this.own(id);
    const row: ListedRow = await this.#listed().where('p.id', id).first();
    return this.#shown(row, await this.#services.licensedTools.names(), await this.used([id]));
  }

  /**
   * Adds a plan, of which nothing is granted yet. Returns its id.
   *
   * @param agreement null: a new one
   * @throws 404, 422 for a tool that is not the provider's
   */
  async add(provider: string, { name, tools, ...terms }: PlanInput): Promise<string> {
    await this.provider(provider);
    const { knex, licensedTools } = this.#services;
    const own = new Set((await licensedTools.list(provider)).map(({ key }) => key));
    const wrong = tools.findIndex((key) => !own.has(key));
    if (wrong !== -1) {
      throw unacceptable(
        'tool-not-yours',
        `/tools/${wrong}`,
        `"${tools[wrong]}" is no tool of this provider that needs a licence.`,
      );
    }
    const [agreement] = await knex('agreements').insert({ provider_id: provider, name }).returning('id');
    return this.#insert({ agreement_id: agreement.id, provider_id: provider, name, tools: [...new Set(tools)], terms });
  }

  /**
   * Renews a plan by a new one of the same agreement: for the schools that have it now, with what they chose, and their seats as far as
   * they fit. The old plan stays as it is. Done again, it changes nothing.
   *
   * @returns the new plan, and how many seats did not fit
   * @throws 404, 409 if the plan was withdrawn, 422 unless it ends later
   */
  async renew(id: string, { startsOn, endsOn, seats, price }: Renewal): Promise<{ id: string; left: number }> {
    const { knex } = this.#services;
    const old = await this.own(id, true);
    const before: { id: string } | undefined = await knex('plans').where({ renews: id }).first('id');
    if (before !== undefined) return { id: before.id, left: 0 };
    if (old.withdrawn_at !== null) throw conflicting('plan-withdrawn', 'A plan that was withdrawn is not renewed.');
    if (endsOn <= old.ends_on) throw unacceptable('ends-sooner', '/endsOn', `must be later than ${old.ends_on}`);
    const { agreement_id, provider_id, name, tools, counts, grace_days } = old;
    const terms = { startsOn, endsOn, seats, price, counts, graceDays: grace_days };
    const to = await this.#insert({ agreement_id, provider_id, name, tools, terms, renews: id });
    await knex.raw(
      // A school from which the provider withdrew the plan would get the new one by its school group.
      `insert into grants (plan_id, school_id, provider_id, number, school_name, most_seats, group_id, withdrawn_at, withdrawn_by_group)
       select ?::uuid, school_id, provider_id, number, school_name, case when ?::boolean then most_seats end, group_id, withdrawn_at,
         withdrawn_by_group
       from grants g where plan_id = ?::uuid
         and (withdrawn_at is null
           or not withdrawn_by_group and exists (select from group_grants o where o.plan_id = g.plan_id))`,
      [to, seats !== null, id],
    );
    await knex.raw(
      `insert into group_grants (plan_id, group_id, provider_id, name)
       select ?::uuid, group_id, provider_id, name from group_grants where plan_id = ?::uuid`,
      [to, id],
    );
    await this.renewSchools(to);
    const left = await this.#services.actAs<number, Services>(systemPrincipal(), async ({ knex: all, seatLedger }) => {
      for (const [table, column] of [
        ['school_choices', 'only_chosen'],
        ['class_choices', 'class_id'],
      ] as const) {
        await all.raw(
          `insert into ${table} (plan_id, school_id, ${column})
           select ?::uuid, school_id, ${column} from ${table} c where plan_id = ?::uuid
             and exists (select from grants g where g.plan_id = ?::uuid and g.school_id = c.school_id)`,
          [to, id, to],
        );
      }
      return seatLedger.follow(id, to);
    });
    return { id: to, left };
  }

  /** Adds seats. Taking seats away would break what was agreed. @throws 404, 409, 422 */
  async addSeats(id: string, seats: number): Promise<void> {
    const plan = await this.own(id, true);
    if (plan.seats === null) throw conflicting('unlimited', 'This plan has no seats: it is unlimited.');
    if (seats < plan.seats) throw unacceptable('fewer-seats', '/seats', `must be at least ${plan.seats}`);
    await this.#services.knex('plans').where({ id }).update({ seats, updated_at: this.#services.knex.fn.now() });
  }

  /** Withdraws a plan in all its schools, or takes that back: from the next launch on. @throws 404 */
  async withdraw(id: string, withdrawn: boolean): Promise<void> {
    const { knex } = this.#services;
    await this.own(id, true);
    await knex('plans')
      .where({ id })
      .update({ withdrawn_at: withdrawn ? knex.fn.now() : null, updated_at: knex.fn.now() });
  }

  /** A plan of a provider for which the caller acts. @throws 404 */
  async own(id: string, lock = false): Promise<PlanRow> {
    const { knex } = this.#services;
    const found = knex('plans').where({ id });
    if (lock) found.forUpdate();
    const row: PlanRow | undefined = await found.first([...planColumns]);
    // A school sees its plans, too.
    if (row === undefined || !this.#actsFor(row.provider_id)) throw notFound();
    return row;
  }

  /** @throws 404 unless the caller acts for this provider of tools */
  async provider(id: string): Promise<{ name: string }> {
    if (!this.#actsFor(id)) throw notFound();
    const found = await this.#services.actAs(systemPrincipal(), ({ directory }: Services) => directory.providers.get(id));
    if (found?.kind !== 'tool-provider') throw notFound();
    return found;
  }

  /** Writes which schools see the plan: those to which it was ever granted. */
  async renewSchools(id: string): Promise<void> {
    const { knex } = this.#services;
    await knex('plans')
      .where({ id })
      .update({
        school_ids: knex.raw('array(select g.school_id from grants g where g.plan_id = plans.id order by g.school_id)'),
        updated_at: knex.fn.now(),
      });
  }

  /** Seats taken by plan, and by plan and school: numbers, never people. For plans that the caller may see. */
  async used(plans: readonly string[]): Promise<ReadonlyMap<string, number>> {
    if (plans.length === 0) return new Map();
    const rows = await this.#services.actAs<{ plan_id: string; school_id: string | null; used: number }[], Services>(
      systemPrincipal(),
      async ({ knex }) =>
        (
          await knex.raw(
            `select plan_id, school_id, count(*)::int as used from seats
             where plan_id = any(?::uuid[]) and withdrawn_at is null
             group by grouping sets ((plan_id), (plan_id, school_id))`,
            [[...plans]] as unknown as string[],
          )
        ).rows,
    );
    return new Map(rows.map(({ plan_id, school_id, used }) => [usedKey(plan_id, school_id), used]));
  }

  today(): string {
    return brusselsDay(this.#services.clock.now());
  }

  #listed() {
    const { knex } = this.#services;
    return knex('plans as p')
      .select<ListedRow[]>(planColumns.map((column) => `p.${column}`))
      .select(
        knex.raw('(select count(*)::int from grants g where g.plan_id = p.id and g.withdrawn_at is null) as schools'),
        knex.raw('(select n.id from plans n where n.renews = p.id) as renewed_by'),
      );
  }

  #shown(row: ListedRow, names: ReadonlyMap<string, string>, used: ReadonlyMap<string, number>): ProviderPlan {
    return {
      ...shownTerms(row, names),
      agreement: row.agreement_id,
      state: stateOf(row, row.withdrawn_at !== null, this.today()),
      used: used.get(usedKey(row.id)) ?? 0,
      schools: row.schools,
      renewedBy: row.renewed_by,
    };
  }

  async #insert({ terms, ...row }: NewPlan): Promise<string> {
    const { startsOn, endsOn, graceDays, seats, counts, price } = terms;
    const [plan] = await this.#services
      .knex('plans')
      .insert({ ...row, starts_on: startsOn, ends_on: endsOn, grace_days: graceDays, seats, counts, price })
      .returning('id');
    return plan.id;
  }

  #actsFor(provider: string): boolean {
    const { tenants } = this.#services.principal;
    return tenants === '*' || tenants.includes(provider);
  }
}

interface NewPlan {
  agreement_id: string;
  provider_id: string;
  name: string;
  tools: string[];
  renews?: string;
  terms: Omit<PlanInput, 'name' | 'tools'>;
}

/** Key of a number of seats: of the whole plan, or of one school. */
export const usedKey = (plan: string, school: string | null = null): string => (school === null ? plan : `${plan} ${school}`);
