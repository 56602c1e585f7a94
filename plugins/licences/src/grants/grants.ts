import { notFound, type Position, systemPrincipal } from '@ilearn/core';
import type { SchoolSummary } from '@ilearn/plugin-directory';
import type { Dependencies } from '../dependencies.js';
import { type Plans, usedKey } from '../plans/plans.js';
import { conflicting, unacceptable } from '../problems.js';
import type { GrantStore } from './grant-store.js';
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

interface Stored {
  school_id: string;
  most_seats: number | null;
  withdrawn_at: Date | null;
}

type Services = Dependencies & { plans: Plans; grantStore: GrantStore };

/** To which schools a plan is granted. Providers name schools by instellingsnummer; a grant belongs to the school, whatever its number. */
export class Grants {
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
    await this.#store.grant(row, [{ ...school, mostSeats }], null);
  }

  /** Grants a new plan to a school by its id. Requires the system principal. */
  async grantSchool(plan: string, school: string): Promise<void> {
    const row = await this.#plans.own(plan, true);
    const found = (await this.#byIds([school])).get(school);
    if (found === undefined) throw notFound();
    await this.#store.grant(row, [{ ...found, mostSeats: null }], null);
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
    await this.#store.grant(
      row,
      [...toGive, ...toChange].map(({ school, seats }: GrantRow & { school: SchoolSummary }) => ({
        ...school,
        mostSeats: seats === undefined ? (stored.get(school.id)?.most_seats ?? null) : seats,
      })),
      null,
    );
    await this.#store.withdraw(
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
