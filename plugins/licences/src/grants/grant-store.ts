import type { SchoolSummary } from '@ilearn/plugin-directory';
import type { Dependencies } from '../dependencies.js';
import type { PlanRow } from '../plans/plan.js';
import type { Plans } from '../plans/plans.js';

/** Writes grants of a plan that is locked. */
export class GrantStore {
  readonly #knex: Dependencies['knex'];
  readonly #plans: Plans;

  constructor({ knex, plans }: Dependencies & { plans: Plans }) {
    this.#knex = knex;
    this.#plans = plans;
  }

  /** @param byGroup because of what a school group is now, rather than by a decision of the provider about these schools */
  async withdraw(plan: string, schools: readonly string[], byGroup = false): Promise<void> {
    if (schools.length === 0) return;
    await this.#knex('grants')
      .where({ plan_id: plan })
      .whereNull('withdrawn_at')
      .whereRaw('school_id = any(?::uuid[])', [[...schools]])
      .update({ withdrawn_at: this.#knex.fn.now(), withdrawn_by_group: byGroup, updated_at: this.#knex.fn.now() });
  }

  /** @param group through which they get it; a school that has the plan by itself keeps it when the group no longer does */
  async grant(
    plan: PlanRow,
    schools: readonly (SchoolSummary & { mostSeats: number | null })[],
    group: string | null,
  ): Promise<void> {
    if (schools.length === 0) return;
    await this.#knex('grants')
      .insert(
        schools.map(({ id, instellingsnummer, name, mostSeats }) => ({
          plan_id: plan.id,
          school_id: id,
          provider_id: plan.provider_id,
          number: instellingsnummer,
          school_name: name,
          most_seats: mostSeats,
          group_id: group,
        })),
      )
      .onConflict(['plan_id', 'school_id'])
      .merge({
        number: this.#knex.raw('excluded.number'),
        school_name: this.#knex.raw('excluded.school_name'),
        ...(group === null
          ? { most_seats: this.#knex.raw('excluded.most_seats'), group_id: null }
          : {
              group_id: this.#knex.raw('case when grants.withdrawn_at is null then grants.group_id else excluded.group_id end'),
            }),
        withdrawn_at: null,
        withdrawn_by_group: false,
        updated_at: this.#knex.fn.now(),
      });
    await this.#plans.renewSchools(plan.id);
  }
}
