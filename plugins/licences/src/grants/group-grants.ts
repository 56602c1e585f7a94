import { notFound, systemPrincipal } from '@ilearn/core';
import type { SchoolSummary } from '@ilearn/plugin-directory';
import type { Dependencies } from '../dependencies.js';
import type { PlanRow } from '../plans/plan.js';
import type { Plans } from '../plans/plans.js';
import { conflicting, unacceptable } from '../problems.js';
import type { GrantStore } from './grant-store.js';

/** Whether a school may get a plan through its group: not if the provider withdrew it from the school. */
const mayGet = (stored: StoredOfGroup | undefined): boolean =>
  stored === undefined || (stored.withdrawn_at !== null && stored.withdrawn_by_group);

interface StoredOfGroup {
  school_id: string;
  group_id: string | null;
  withdrawn_at: Date | null;
  withdrawn_by_group: boolean;
}

type Services = Dependencies & { plans: Plans; grantStore: GrantStore };

/** To which school groups a plan is granted, and what their schools get by it. */
export class GroupGrants {
  readonly #knex: Dependencies['knex'];
  readonly #actAs: Dependencies['actAs'];
  readonly #plans: Plans;
  readonly #store: GrantStore;

  constructor({ knex, actAs, plans, grantStore }: Services) {
    this.#knex = knex;
    this.#actAs = actAs;
    this.#plans = plans;
    this.#store = grantStore;
  }

  /**
   * Grants a plan to all schools of a school group, also to those that join it later. Returns how many have it now.
   *
   * @throws 404, 409 if the plan was withdrawn, 422 for an unknown group
   */
  async grant(plan: string, group: string): Promise<number> {
    const row = await this.#plans.own(plan, true);
    if (row.withdrawn_at !== null) throw conflicting('plan-withdrawn', 'This plan was withdrawn.');
    const found = (await this.all()).find(({ id }) => id === group);
    if (found === undefined) throw unacceptable('group-unknown', '/group', 'There is no such school group.');
    const added = await this.#knex('group_grants')
      .insert({ plan_id: plan, group_id: group, provider_id: row.provider_id, name: found.name })
      .onConflict(['plan_id', 'group_id'])
      .ignore()
      .returning('group_id');
    const schools = await this.#ofGroup(group);
    const had = await this.#stored(plan);
    const stored = new Map(had.map((each) => [each.school_id, each]));
    // Sent twice, it does not give back what was withdrawn in between.
    const toGrant = schools.filter(({ id }) => added.length > 0 || mayGet(stored.get(id)));
    await this.#store.grant(
      row,
      toGrant.map((school) => ({ ...school, mostSeats: null })),
      group,
    );
    return schools.filter(({ id }) => toGrant.some((each) => each.id === id) || stored.get(id)?.withdrawn_at === null).length;
  }

  /** Takes a plan from a school group: its schools lose it, but for those that have it by themselves or by another group. @throws 404 */
  async remove(plan: string, group: string): Promise<void> {
    const row = await this.#plans.own(plan, true);
    if ((await this.#knex('group_grants').where({ plan_id: plan, group_id: group }).delete()) === 0) throw notFound();
    const groups: string[] = await this.#knex('group_grants').where({ plan_id: plan }).orderBy('group_id').pluck('group_id');
    await this.#synchronise(row, groups);
  }

  /** School groups by name. */
  all(): Promise<{ id: string; name: string }[]> {
    return this.#actAs(systemPrincipal(), ({ directory }: Services) => directory.schools.groups());
  }

  /** The school groups of a plan. */
  async of(plan: string): Promise<{ id: string; name: string }[]> {
    await this.#plans.own(plan);
    return this.#knex('group_grants')
      .where({ plan_id: plan })
      .orderBy('name')
      .limit(100)
      .select({ id: 'group_id', name: 'name' });
  }

  /**
   * Gives plans to schools that joined a group, and withdraws them from those that left all of its groups. What a provider withdrew from a
   * school stays withdrawn. Requires the system principal.
   */
  async synchronise(): Promise<void> {
    const rows: { plan_id: string; group_id: string }[] = await this.#knex('group_grants as g')
      .join('plans as p', 'p.id', 'g.plan_id')
      .whereNull('p.withdrawn_at')
      .whereRaw('p.ends_on >= current_date - 1')
      .orderBy(['g.plan_id', 'g.group_id'])
      .limit(10_000)
      .select('g.plan_id', 'g.group_id');
    const groupsOf = new Map<string, string[]>();
    for (const { plan_id, group_id } of rows) groupsOf.set(plan_id, [...(groupsOf.get(plan_id) ?? []), group_id]);
    for (const [plan, groups] of groupsOf) {
      const row = await this.#plans.own(plan, true);
      if (row.withdrawn_at === null) await this.#synchronise(row, groups);
    }
  }

  /** @param row of a plan that is locked */
  async #synchronise(row: PlanRow, groups: readonly string[]): Promise<void> {
    const plan = row.id;
    const groupOf = new Map<string, { school: SchoolSummary; group: string }>();
    for (const group of groups)
      for (const school of await this.#ofGroup(group)) if (!groupOf.has(school.id)) groupOf.set(school.id, { school, group });
    const had = await this.#stored(plan);
    const stored = new Map(had.map((each) => [each.school_id, each]));
    const wanted = [...groupOf.values()];
    for (const group of groups) {
      const joined = wanted.filter((each) => each.group === group && mayGet(stored.get(each.school.id)));
      await this.#store.grant(
        row,
        joined.map(({ school }) => ({ ...school, mostSeats: null })),
        group,
      );
      const moved = had.filter(
        ({ school_id, group_id, withdrawn_at }) =>
          withdrawn_at === null && group_id !== null && group_id !== group && groupOf.get(school_id)?.group === group,
      );
      if (moved.length > 0)
        await this.#knex('grants')
          .where({ plan_id: plan })
          .whereRaw('school_id = any(?::uuid[])', [moved.map(({ school_id }) => school_id)])
          .update({ group_id: group, updated_at: this.#knex.fn.now() });
    }
    const left = had.filter(({ school_id, group_id }) => group_id !== null && !groupOf.has(school_id));
    await this.#store.withdraw(
      plan,
      left.map(({ school_id }) => school_id),
      true,
    );
  }

  #stored(plan: string): Promise<StoredOfGroup[]> {
    return this.#knex('grants')
      .where({ plan_id: plan })
      .select<StoredOfGroup[]>('school_id', 'group_id', 'withdrawn_at', 'withdrawn_by_group');
  }

  async #ofGroup(group: string): Promise<SchoolSummary[]> {
    return this.#actAs(systemPrincipal(), async ({ directory: { schools } }: Services) =>
      schools.getMany(await schools.ofGroup(group)),
    );
  }
}
