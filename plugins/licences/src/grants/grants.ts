import { notFound, type Position, systemPrincipal } from '@ilearn/core';
import type { SchoolSummary } from '@ilearn/plugin-directory';
import type { Dependencies } from '../dependencies.js';
import type { PlanRow } from '../plans/plan.js';
import { type Plans, usedKey } from '../plans/plans.js';
import { conflicting, unacceptable } from '../problems.js';
import { type Fault, type GrantRow, mostRows, readGrants } from './grant-table.js';

export interface Grant {
  number: string;
  school: string;
  /** Null: those of the plan. */
  mostSeats: number | null;
  used: number;
  withdrawn: boolean;
}

export interface TableReport {
  /** False if there are faults, or if it was only checked. */
  stored: boolean;
  rows: number;
  granted: number;
  /** Schools that have it already, with another most seats from now on. */
  changed: number;
  withdrawn: number;
  unchanged: number;
  faults: Fault[];
  faultCount: number;
}

/** Faults that an answer lists; all are counted. */
export const mostFaults = 200;

/** Whether a school may get a plan through its group: not if the provider withdrew it from the school. */
const mayGet = (stored: StoredOfGroup | undefined): boolean =>
  stored === undefined || (stored.withdrawn_at !== null && stored.withdrawn_by_group);

interface StoredOfGroup {
  school_id: string;
  group_id: string | null;
  withdrawn_at: Date | null;
  withdrawn_by_group: boolean;
}

interface Stored {
  school_id: string;
  most_seats: number | null;
  withdrawn_at: Date | null;
}

type Services = Dependencies & { plans: Plans };

/** To which schools a plan is granted. Providers name schools by instellingsnummer; a grant belongs to the school, whatever its number. */
export class Grants {
  readonly #knex: Dependencies['knex'];
  readonly #actAs: Dependencies['actAs'];
  readonly #plans: Plans;

  constructor({ knex, actAs, plans }: Services) {
    this.#knex = knex;
    this.#actAs = actAs;
    this.#plans = plans;
  }

  /** By the number that a school had when it got the plan; each is shown with the number that it has now. @throws 404 */
  async list(plan: string, limit: number, after: Position | null): Promise<{ grant: Grant; position: [string, string] }[]> {
    await this.#plans.own(plan);
    const found = this.#knex('grants').where({ plan_id: plan }).orderBy(['number', 'school_id']).limit(limit);
    if (after !== null) found.whereRaw('(number, school_id) > (?, ?::uuid)', [...after]);
    const rows: (Stored & { number: string; school_name: string })[] = await found.select(
      ...['school_id', 'number', 'school_name', 'most_seats', 'withdrawn_at'],
    );
    const used = await this.#plans.used([plan]);
    const schools = await this.#byIds(rows.map(({ school_id }) => school_id));
    return rows.map((row) => ({
      grant: {
        number: schools.get(row.school_id)?.instellingsnummer ?? row.number,
        school: schools.get(row.school_id)?.name ?? row.school_name,
        mostSeats: row.most_seats,
        used: used.get(usedKey(plan, row.school_id)) ?? 0,
        withdrawn: row.withdrawn_at !== null,
      },
      position: [row.number, row.school_id],
    }));
  }

  /**
   * Grants a plan to a school, or changes its most seats; again after a withdrawal. Done twice, the second time changes nothing.
   *
   * @throws 404, 409 if the plan was withdrawn, 422 for an unknown number
   */
  async grant(plan: string, number: string, mostSeats: number | null): Promise<void> {
    const row = await this.#plans.own(plan, true);
    if (row.withdrawn_at !== null) throw conflicting('plan-withdrawn', 'This plan was withdrawn.');
    if (mostSeats !== null && row.seats === null) {
      throw unacceptable('unlimited', '/mostSeats', 'This plan has no seats: it is unlimited.');
    }
    const school = await this.#byNumber(number);
    if (school === undefined)
      throw unacceptable('school-unknown', '/number', `No school of the portal has the number ${number}.`);
    await this.#store(row, [{ ...school, mostSeats }], null);
  }

  /** Grants a new plan to a school by its id. Requires the system principal. */
  async grantSchool(plan: string, school: string): Promise<void> {
    const row = await this.#plans.own(plan, true);
    const found = (await this.#byIds([school])).get(school);
    if (found === undefined) throw notFound();
    await this.#store(row, [{ ...found, mostSeats: null }], null);
  }

  /** Withdraws a plan from a school: from the next launch on; who is at work finishes. @throws 404 */
  async withdraw(plan: string, number: string): Promise<void> {
    await this.#plans.own(plan, true);
    // A school that is gone is known by the number that it had.
    const school = await this.#byNumber(number);
    const found = await this.#knex('grants')
      .where({ plan_id: plan, ...(school === undefined ? { number } : { school_id: school.id }) })
      .update({
        withdrawn_at: this.#knex.raw('coalesce(withdrawn_at, now())'),
        withdrawn_by_group: false,
        updated_at: this.#knex.fn.now(),
      });
    if (found === 0) throw notFound();
  }

  /** Grants and withdraws by a table; nothing is stored if it has a fault. @throws 404, 409 if the plan was withdrawn */
  async take(plan: string, bytes: Uint8Array, dryRun: boolean): Promise<TableReport> {
    const row = await this.#plans.own(plan, true);
    if (row.withdrawn_at !== null) throw conflicting('plan-withdrawn', 'This plan was withdrawn.');
    const { rows, faults } = readGrants(bytes, row.seats !== null);
    const schools = await this.#byNumbers(rows.map(({ number }) => number));
    const stored = new Map<string, Stored>(
      (await this.#knex('grants').where({ plan_id: plan }).select<Stored[]>('school_id', 'most_seats', 'withdrawn_at')).map(
        (each) => [each.school_id, each],
      ),
    );
    const seen = new Set<string>();
    const known = rows.flatMap((each) => {
      const school = schools.get(each.number);
      const code = school === undefined ? 'school-unknown' : seen.has(school.id) ? 'twice' : null;
      if (school !== undefined && code === null) {
        seen.add(school.id);
        return [{ ...each, school }];
      }
      faults.push({ row: each.row, column: 'instellingsnummer', code: code ?? 'school-unknown' });
      return [];
    });
    const isHeld = (id: string) => stored.get(id)?.withdrawn_at === null;
    const grants = known.filter(({ act }) => act === 'grant');
    const toGive = grants.filter(({ school }) => !isHeld(school.id));
    const toChange = grants.filter(
      ({ school, seats }) => isHeld(school.id) && seats !== undefined && stored.get(school.id)?.most_seats !== seats,
    );
    const toWithdraw = known.filter(({ act, school }) => act === 'withdraw' && isHeld(school.id));
    const counts = {
      rows: rows.length,
      granted: toGive.length,
      changed: toChange.length,
      withdrawn: toWithdraw.length,
      unchanged: known.length - toGive.length - toChange.length - toWithdraw.length,
    };
    const told = { faults: faults.sort((a, b) => a.row - b.row).slice(0, mostFaults), faultCount: faults.length };
    if (faults.length > 0 || dryRun) return { stored: false, ...counts, ...told };
    await this.#store(
      row,
      [...toGive, ...toChange].map(({ school, seats }: GrantRow & { school: SchoolSummary }) => ({
        ...school,
        mostSeats: seats === undefined ? (stored.get(school.id)?.most_seats ?? null) : seats,
      })),
      null,
    );
    await this.#withdrawFrom(
      plan,
      toWithdraw.map(({ school }) => school.id),
    );
    return { stored: true, ...counts, ...told };
  }

  /** The table of a plan, to change and send again. @throws 404 */
  async table(plan: string): Promise<{ number: string; seats: number | null; withdrawn: boolean }[]> {
    await this.#plans.own(plan);
    const rows: (Stored & { number: string })[] = await this.#knex('grants')
      .where({ plan_id: plan })
      .orderBy('number')
      .limit(mostRows)
      .select('school_id', 'number', 'most_seats', 'withdrawn_at');
    const schools = await this.#byIds(rows.map(({ school_id }) => school_id));
    const numberOf = (row: Stored & { number: string }) => schools.get(row.school_id)?.instellingsnummer ?? row.number;
    return rows.map((row) => ({ number: numberOf(row), seats: row.most_seats, withdrawn: row.withdrawn_at !== null }));
  }

  /**
   * Grants a plan to all schools of a school group, also to those that join it later. Returns how many have it now.
   *
   * @throws 404, 409 if the plan was withdrawn, 422 for an unknown group
   */
  async grantGroup(plan: string, group: string): Promise<number> {
    const row = await this.#plans.own(plan, true);
    if (row.withdrawn_at !== null) throw conflicting('plan-withdrawn', 'This plan was withdrawn.');
    const found = (await this.groups()).find(({ id }) => id === group);
    if (found === undefined) throw unacceptable('group-unknown', '/group', 'There is no such school group.');
    const added = await this.#knex('group_grants')
      .insert({ plan_id: plan, group_id: group, provider_id: row.provider_id, name: found.name })
      .onConflict(['plan_id', 'group_id'])
      .ignore()
      .returning('group_id');
    const schools = await this.#ofGroup(group);
    const had = await this.#knex('grants')
      .where({ plan_id: plan })
      .select<StoredOfGroup[]>('school_id', 'group_id', 'withdrawn_at', 'withdrawn_by_group');
    const stored = new Map(had.map((each) => [each.school_id, each]));
    // Sent twice, it does not give back what was withdrawn in between.
    const toGrant = schools.filter(({ id }) => added.length > 0 || mayGet(stored.get(id)));
    await this.#store(
      row,
      toGrant.map((school) => ({ ...school, mostSeats: null })),
      group,
    );
    return schools.filter(({ id }) => toGrant.some((each) => each.id === id) || stored.get(id)?.withdrawn_at === null).length;
  }

  /** Takes a plan from a school group: its schools lose it, but for those that have it by themselves or by another group. @throws 404 */
  async removeGroup(plan: string, group: string): Promise<void> {
    const row = await this.#plans.own(plan, true);
    if ((await this.#knex('group_grants').where({ plan_id: plan, group_id: group }).delete()) === 0) throw notFound();
    const groups: string[] = await this.#knex('group_grants').where({ plan_id: plan }).orderBy('group_id').pluck('group_id');
    await this.#synchronise(row, groups);
  }

  /** School groups by name. */
  groups(): Promise<{ id: string; name: string }[]> {
    return this.#actAs(systemPrincipal(), ({ directory }: Services) => directory.schools.groups());
  }

  /** The school groups of a plan. */
  async groupsOf(plan: string): Promise<{ id: string; name: string }[]> {
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
  async synchroniseGroups(): Promise<void> {
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
    const had = await this.#knex('grants')
      .where({ plan_id: plan })
      .select<StoredOfGroup[]>('school_id', 'group_id', 'withdrawn_at', 'withdrawn_by_group');
    const stored = new Map(had.map((each) => [each.school_id, each]));
    const wanted = [...groupOf.values()];
    for (const group of groups) {
      const joined = wanted.filter((each) => each.group === group && mayGet(stored.get(each.school.id)));
      await this.#store(
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
    await this.#withdrawFrom(
      plan,
      left.map(({ school_id }) => school_id),
      true,
    );
  }

  /** @param byGroup because of what a school group is now, rather than by a decision of the provider about these schools */
  async #withdrawFrom(plan: string, schools: readonly string[], byGroup = false): Promise<void> {
    if (schools.length === 0) return;
    await this.#knex('grants')
      .where({ plan_id: plan })
      .whereNull('withdrawn_at')
      .whereRaw('school_id = any(?::uuid[])', [[...schools]])
      .update({ withdrawn_at: this.#knex.fn.now(), withdrawn_by_group: byGroup, updated_at: this.#knex.fn.now() });
  }

  /** @param group through which they get it; a school that has the plan by itself keeps it when the group no longer does */
  async #store(
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

  async #ofGroup(group: string): Promise<SchoolSummary[]> {
    return this.#actAs(systemPrincipal(), async ({ directory: { schools } }: Services) =>
      schools.getMany(await schools.ofGroup(group)),
    );
  }

  async #byNumber(number: string): Promise<SchoolSummary | undefined> {
    return (await this.#byNumbers([number])).get(number);
  }

  /** Schools of the portal by the numbers that they have or had. */
  #byNumbers(numbers: readonly string[]): Promise<Map<string, SchoolSummary>> {
    return this.#actAs(systemPrincipal(), ({ directory }: Services) => directory.schools.byInstellingsnummers(numbers));
  }

  async #byIds(ids: readonly string[]): Promise<Map<string, SchoolSummary>> {
    const found = await this.#actAs(systemPrincipal(), ({ directory }: Services) => directory.schools.getMany(ids));
    return new Map(found.map((school) => [school.id, school]));
  }
}
