import { notFound, type Position, systemPrincipal } from '@ilearn/core';
import { brusselsDay, daysBetween } from '../days/brussels.js';
import type { SeatLedger } from '../decisions/seat-ledger.js';
import type { Dependencies } from '../dependencies.js';
import { type PlanRow, planColumns, type SchoolPlan } from '../plans/plan.js';
import { type Plans, usedKey } from '../plans/plans.js';
import { shownTerms, stateOf } from '../plans/shown.js';
import type { LicensedTools } from '../plans/tools.js';
import { conflicting, unacceptable } from '../problems.js';

/** Plans of a school that a list shows, the current ones first. */
export const mostPlans = 200;
export const mostClasses = 500;

type Services = Dependencies & { plans: Plans; licensedTools: LicensedTools; seatLedger: SeatLedger };

interface GrantedRow extends PlanRow {
  most_seats: number | null;
  grant_withdrawn: boolean;
  only_chosen: boolean;
  renewed: boolean;
}

export interface SeatHolder {
  person: string;
  name: string;
  takenAt: string;
}

/** What a school has, and to whom it hands it out. */
export class SchoolLicences {
  readonly #services: Services;

  constructor(services: Services) {
    const { knex, principal, clock, actAs, directory, plans, licensedTools, seatLedger } = services;
    this.#services = { knex, principal, clock, actAs, directory, plans, licensedTools, seatLedger } as Services;
  }

  /** Those that end last first. @throws 404 for a school for which the caller does not act */
  async list(school: string): Promise<{ licences: SchoolPlan[]; more: boolean }> {
    await this.school(school);
    const rows = await this.#granted(school)
      .orderBy('p.ends_on', 'desc')
      .orderBy('p.id')
      .limit(mostPlans + 1);
    return { licences: await this.#shown(rows.slice(0, mostPlans), school), more: rows.length > mostPlans };
  }

  /** @throws 404 */
  async one(school: string, plan: string): Promise<SchoolPlan> {
    await this.school(school);
    const [row] = await this.#granted(school).where('p.id', plan);
    if (row === undefined) throw notFound();
    const [shown] = await this.#shown([row], school);
    return shown as SchoolPlan;
  }

  /** Classes to which the school handed a plan out, by name. @throws 404 */
  async classesOf(school: string, plan: string): Promise<{ id: string; name: string; pupils: number }[]> {
    await this.#own(school, plan);
    const ids: string[] = await this.#services
      .knex('class_choices')
      .where({ plan_id: plan, school_id: school })
      .orderBy('class_id')
      .limit(mostClasses)
      .pluck('class_id');
    const classes = ids.length === 0 ? [] : await this.#services.directory.classes.getMany(ids);
    return classes
      .map(({ id, name, pupils }) => ({ id, name, pupils }))
      .sort((a, b) => a.name.localeCompare(b.name, 'nl', { numeric: true }));
  }

  /** Who has a seat, the last first. @throws 404 */
  async holdersOf(
    school: string,
    plan: string,
    limit: number,
    after: Position | null,
  ): Promise<{ holder: SeatHolder; position: [string, string] }[]> {
    await this.#own(school, plan);
    const { knex, directory } = this.#services;
    const found = knex('seats')
      .where({ plan_id: plan, school_id: school })
      .whereNull('withdrawn_at')
      .orderBy([{ column: 'taken_at', order: 'desc' }, { column: 'person_id' }])
      .limit(limit);
    if (after !== null)
      found.whereRaw('(taken_at < ?::timestamptz or (taken_at = ?::timestamptz and person_id > ?::uuid))', [
        ...after.slice(0, 1),
        ...after,
      ] as string[]);
    const rows: { person_id: string; taken_at: Date; position: string }[] = await found.select(
      'person_id',
      'taken_at',
      knex.raw('taken_at::text as position'),
    );
    const people = rows.length === 0 ? [] : await directory.people.getMany(rows.map(({ person_id }) => person_id));
    const names = new Map(people.map(({ id, givenName, familyName }) => [id, `${givenName} ${familyName}`]));
    return rows.map(({ person_id, taken_at, position }) => ({
      holder: { person: person_id, name: names.get(person_id) ?? '', takenAt: taken_at.toISOString() },
      position: [position, person_id],
    }));
  }

  /** Whether only those may use it to whom the school hands it out. @throws 404 */
  async choose(school: string, plan: string, onlyChosen: boolean): Promise<void> {
    await this.#own(school, plan);
    await this.#services
      .knex('school_choices')
      .insert({ plan_id: plan, school_id: school, only_chosen: onlyChosen })
      .onConflict(['plan_id', 'school_id'])
      .merge();
  }

  /**
   * Hands a plan out to a class: each pupil gets a seat now, or none of them if there are too few; pupils who come later take one at their
   * first launch.
   *
   * @throws 404, 409 `licences/full`, or if the plan is over
   */
  async giveClass(school: string, plan: string, classId: string): Promise<void> {
    const row = await this.#current(school, plan);
    const pupils = await this.#pupilsOf(school, classId);
    if (row.seats !== null) await this.#ledger((ledger) => ledger.fill(plan, school, pupils, 'class'));
    await this.#services
      .knex('class_choices')
      .insert({ plan_id: plan, class_id: classId, school_id: school })
      .onConflict(['plan_id', 'class_id'])
      .ignore();
  }

  /**
   * Takes a plan back from a class, with the seats of its pupils: not of those who have it by another class, or by name.
   *
   * @throws 404
   */
  async takeFromClass(school: string, plan: string, classId: string): Promise<void> {
    await this.#own(school, plan);
    const found = await this.#services
      .knex('class_choices')
      .where({ plan_id: plan, school_id: school, class_id: classId })
      .delete();
    if (found === 0) throw notFound();
    // A class that came along from last year has the same pupils under its old class, too.
    await this.#services.knex.raw(
      `with back as (delete from turned_choices where plan_id = ?::uuid and to_class = ?::uuid returning plan_id, from_class)
       delete from class_choices k using back b where k.plan_id = b.plan_id and k.class_id = b.from_class`,
      [plan, classId],
    );
    const gone = (await this.#services.directory.classes.get(classId)) === null;
    const pupils = gone ? [] : await this.#pupilsOf(school, classId);
    if (pupils.length === 0) return;
    await this.#services.actAs<number, Services>(systemPrincipal(), async ({ knex, seatLedger }) => {
      // They keep it who have it by another class.
      const kept: string[] = await knex('class_choices as k')
        .joinRaw(`join directory.class_members m on m.class_id = k.class_id and m.role = 'pupil'`)
        .where({ 'k.plan_id': plan, 'k.school_id': school })
        .whereRaw('m.person_id = any(?::uuid[])', [pupils])
        .pluck('m.person_id');
      const keeps = new Set(kept);
      return seatLedger.takeBack(
        plan,
        school,
        pupils.filter((pupil) => !keeps.has(pupil)),
        'class',
      );
    });
  }

  /** Gives somebody of the school a seat, also after it was taken back. @throws 404, 409 `licences/full`, 422 for somebody else */
  async givePerson(school: string, plan: string, person: string): Promise<void> {
    await this.#current(school, plan);
    const found = await this.#services.directory.people.get(person);
    if (found === null || !found.schools.includes(school)) {
      throw unacceptable('person-unknown', '/person', 'There is no such person in the school.');
    }
    await this.#ledger((ledger) => ledger.fill(plan, school, [person], 'person'));
  }

  /** Takes a seat back: the person cannot enter the next time, until somebody gives them a seat again. @throws 404 */
  async takeFromPerson(school: string, plan: string, person: string): Promise<void> {
    await this.#own(school, plan);
    if ((await this.#ledger((ledger) => ledger.takeBack(plan, school, [person], 'person'))) === 0) throw notFound();
  }

  /** @throws 404 for a school for which the caller does not act */
  async school(id: string): Promise<{ id: string; number: string; name: string }> {
    const { principal, directory } = this.#services;
    const found = principal.tenants === '*' || principal.tenants.includes(id) ? await directory.schools.get(id) : null;
    if (found === null) throw notFound();
    return { id, number: found.instellingsnummer, name: found.name };
  }

  async #own(school: string, plan: string): Promise<GrantedRow> {
    await this.school(school);
    const [row] = await this.#granted(school).where('p.id', plan);
    if (row === undefined) throw notFound();
    return row;
  }

  async #current(school: string, plan: string): Promise<GrantedRow> {
    const row = await this.#own(school, plan);
    const state = stateOf(row, row.withdrawn_at !== null || row.grant_withdrawn, this.#today());
    if (state === 'withdrawn' || state === 'ended' || state === 'grace') {
      throw conflicting('over', 'This licence is over, and is not handed out any more.');
    }
    return row;
  }

  /** @throws 404 for a class of another school */
  async #pupilsOf(school: string, classId: string): Promise<string[]> {
    const { classes } = this.#services.directory;
    const found = await classes.get(classId);
    if (found === null || found.school !== school) throw notFound();
    return (await classes.pupilsOf(classId)).map(({ id }) => id);
  }

  #ledger<T>(fn: (ledger: SeatLedger) => Promise<T>): Promise<T> {
    return this.#services.actAs<T, Services>(systemPrincipal(), ({ seatLedger }) => fn(seatLedger));
  }

  #granted(school: string) {
    const { knex } = this.#services;
    return knex('grants as g')
      .join('plans as p', 'p.id', 'g.plan_id')
      .where('g.school_id', school)
      .select<GrantedRow[]>(
        ...planColumns.map((column) => `p.${column}`),
        'g.most_seats',
        knex.raw('g.withdrawn_at is not null as grant_withdrawn'),
        knex.raw(
          'coalesce((select o.only_chosen from school_choices o where o.plan_id = p.id and o.school_id = g.school_id), false) as only_chosen',
        ),
        knex.raw(
          `exists (select from plans n join grants h on h.plan_id = n.id and h.school_id = g.school_id and h.withdrawn_at is null
             where n.renews = p.id and n.withdrawn_at is null) as renewed`,
        ),
      );
  }

  async #shown(rows: readonly GrantedRow[], school: string): Promise<SchoolPlan[]> {
    const { plans, licensedTools, actAs } = this.#services;
    const [names, used] = [await licensedTools.names(), await plans.used(rows.map(({ id }) => id))];
    const ids = [...new Set(rows.map(({ provider_id }) => provider_id))];
    // The names of the providers with which a school deals.
    const providers = await actAs(systemPrincipal(), ({ directory }: Services) => directory.providers.getMany(ids));
    const providerNames = new Map(providers.map(({ id, name }) => [id, name]));
    return rows.map((row) => ({
      ...shownTerms(row, names),
      provider: providerNames.get(row.provider_id) ?? '',
      state: stateOf(row, row.withdrawn_at !== null || row.grant_withdrawn, this.#today()),
      used: used.get(usedKey(row.id)) ?? 0,
      usedHere: used.get(usedKey(row.id, school)) ?? 0,
      mostSeats: row.most_seats,
      onlyChosen: row.only_chosen,
      renewed: row.renewed,
      daysLeft: daysBetween(this.#today(), row.ends_on),
    }));
  }

  #today(): string {
    return brusselsDay(this.#services.clock.now());
  }
}
