import type { Dependencies } from '../dependencies.js';
import { conflicting } from '../problems.js';

interface PlanRow {
  id: string;
  seats: number | null;
  ends_on: string;
}

/** By what a seat is taken or taken back: a launch, a class to which the licence is handed out, or a decision about the person. */
type By = 'entry' | 'class' | 'person';

/** SQL: whether the person of the seat `s` is still at the school from which they have it. */
const isAtSchool = `exists (
  select from directory.people_summaries m where m.id = s.person_id and m.active and s.school_id = any(m.school_ids))`;

/**
 * Takes and gives back seats. Every way to a seat leads through {@link fill}, under a lock on the plan, so that the seats taken are rows
 * that are counted and never more than the plan has. Requires the system principal: seats of all schools of a plan count.
 */
export class SeatLedger {
  readonly #knex: Dependencies['knex'];

  constructor({ knex }: Pick<Dependencies, 'knex'>) {
    this.#knex = knex;
  }

  /** Makes everybody else who takes a seat of these plans wait until this unit of work ends. */
  async lock(plans: readonly string[]): Promise<void> {
    await this.#knex('plans')
      .whereRaw('id = any(?::uuid[])', [[...plans]])
      .orderBy('id')
      .forUpdate()
      .select('id');
  }

  /**
   * Gives these people of one school a seat, or none of them. Who has one keeps it, also in a full plan.
   *
   * @param asked each once
   * @param by of `class`, nobody gets a seat again that was taken back from them by name
   * @returns how many seats were taken
   * @throws Problem 409 `licences/full`, with how many seats are free and needed
   */
  async fill(plan: string, school: string, asked: readonly string[], by: By = 'entry'): Promise<number> {
    await this.lock([plan]);
    const people = by === 'class' ? await this.#withoutWithdrawn(plan, school, asked) : asked;
    const [row] = await this.#knex('plans').where({ id: plan }).select<PlanRow[]>('id', 'seats', 'ends_on');
    if (row === undefined || people.length === 0) return 0;
    const { rows: held } = await this.#knex.raw<{ rows: { person_id: string; moves: boolean }[] }>(
      `select s.person_id, s.school_id <> ?::uuid and not ${isAtSchool} as moves
       from seats s where s.plan_id = ?::uuid and s.withdrawn_at is null and s.person_id = any(?::uuid[])`,
      [school, plan, [...people]] as unknown as string[],
    );
    const fresh = people.filter((person) => !held.some(({ person_id }) => person_id === person));
    const moving = held.filter(({ moves }) => moves).map(({ person_id }) => person_id);
    if (by === 'person')
      await this.#knex('seats')
        .where({ plan_id: plan })
        .whereIn('person_id', [...people])
        .update({ way: by });
    if (fresh.length + moving.length === 0) return 0;
    const { total, here } = await this.#free(row, school);
    // A seat that comes along from another school is taken already.
    const free = Math.min(total, here - moving.length);
    if (fresh.length > free) {
      throw conflicting('full', `${fresh.length + moving.length} seats are needed, and ${Math.max(0, free)} are free.`, {
        needed: fresh.length + moving.length,
        free: Math.max(0, Math.min(total, here)),
      });
    }
    await this.#insert(row, school, [...fresh, ...moving], { by });
    return fresh.length;
  }

  async #withoutWithdrawn(plan: string, school: string, people: readonly string[]): Promise<string[]> {
    const withdrawn: string[] = await this.#knex('seats')
      .where({ plan_id: plan, school_id: school, way: 'person' })
      .whereNotNull('withdrawn_at')
      .whereRaw('person_id = any(?::uuid[])', [[...people]])
      .pluck('person_id');
    return people.filter((person) => !withdrawn.includes(person));
  }

  /** Frees the seats that people took at a school where they are no more, unless they go along to another school of the plan. */
  async free(school: string, people: readonly string[]): Promise<void> {
    await this.#knex.raw(
      `delete from seats s where s.school_id = ?::uuid and s.person_id = any(?::uuid[]) and not ${isAtSchool}
         and not exists (
           select from directory.people_summaries o join grants g on g.school_id = any(o.school_ids)
           where o.id = s.person_id and o.active and g.plan_id = s.plan_id and g.withdrawn_at is null and s.withdrawn_at is null)`,
      [school, [...people]] as unknown as string[],
    );
  }

  /**
   * Takes the seats of these people back: the next time, they cannot enter. Returns how many had one. With a class, whoever was given a seat
   * by name keeps it.
   */
  async takeBack(plan: string, school: string, people: readonly string[], by: 'class' | 'person'): Promise<number> {
    await this.lock([plan]);
    const seats = this.#knex('seats')
      .where({ plan_id: plan, school_id: school })
      .whereNull('withdrawn_at')
      .whereRaw('person_id = any(?::uuid[])', [[...people]]);
    if (by === 'class') seats.whereNot({ way: 'person' });
    return seats.update({ withdrawn_at: this.#knex.fn.now(), way: by, updated_at: this.#knex.fn.now() });
  }

  /** Seats of a plan go along to the plan that renews it, the first taken first, as many as fit. Returns how many did not fit. */
  async follow(from: string, to: string): Promise<number> {
    await this.lock([from, to]);
    const { rows } = await this.#knex.raw<{ rows: { person_id: string; school_id: string; withdrawn: boolean; by: By }[] }>(
      `select s.person_id, s.school_id, s.withdrawn_at is not null as withdrawn, s.way as by
       from seats s join grants g on g.plan_id = ?::uuid and g.school_id = s.school_id and g.withdrawn_at is null
       where s.plan_id = ?::uuid and ${isAtSchool}
         and not exists (select from seats o where o.plan_id = ?::uuid and o.person_id = s.person_id)
       order by s.taken_at, s.person_id`,
      [to, from, to],
    );
    const [row] = await this.#knex('plans').where({ id: to }).select<PlanRow[]>('id', 'seats', 'ends_on');
    if (row === undefined) return 0;
    let left = 0;
    let total = Number.POSITIVE_INFINITY;
    const bySchool = new Map<string, { here: number; held: number; rows: typeof rows }>();
    for (const school of new Set(rows.map(({ school_id }) => school_id))) {
      const free = await this.#free(row, school);
      total = free.total;
      bySchool.set(school, { here: free.here, held: 0, rows: [] });
    }
    for (const seat of rows) {
      const of = bySchool.get(seat.school_id);
      if (of === undefined) continue;
      // A seat that a school took back stays taken back.
      if (seat.withdrawn) of.rows.push(seat);
      else if (total > 0 && of.held < of.here) {
        of.rows.push(seat);
        of.held += 1;
        total -= 1;
      } else left += 1;
    }
    for (const [school, of] of bySchool) {
      for (const withdrawn of [false, true]) {
        for (const by of ['entry', 'class', 'person'] as const) {
          const alike = of.rows.filter((seat) => seat.withdrawn === withdrawn && seat.by === by);
          await this.#insert(
            row,
            school,
            alike.map(({ person_id }) => person_id),
            { by, withdrawn },
          );
        }
      }
    }
    return left;
  }

  /** Free seats of the plan, and of what the school may have of it; `Infinity` without a limit. */
  async #free({ id, seats }: PlanRow, school: string): Promise<{ total: number; here: number }> {
    const [counted] = await this.#knex('seats as s')
      .where('s.plan_id', id)
      .whereNull('s.withdrawn_at')
      .select<{ used: number; here: number }[]>(
        this.#knex.raw('count(*)::int as used'),
        this.#knex.raw('(count(*) filter (where s.school_id = ?::uuid))::int as here', [school]),
      );
    const grant: { most_seats: number | null } | undefined = await this.#knex('grants')
      .where({ plan_id: id, school_id: school })
      .first('most_seats');
    return {
      total: seats === null ? Number.POSITIVE_INFINITY : seats - (counted?.used ?? 0),
      here: grant?.most_seats == null ? Number.POSITIVE_INFINITY : grant.most_seats - (counted?.here ?? 0),
    };
  }

  async #insert(
    { id, ends_on }: PlanRow,
    school: string,
    people: readonly string[],
    { by, withdrawn = false }: { by: By; withdrawn?: boolean },
  ): Promise<void> {
    if (people.length === 0) return;
    await this.#knex.raw(
      `insert into seats (plan_id, person_id, school_id, ends_on, way, withdrawn_at)
       select ?::uuid, person, ?::uuid, ?::date, ?, ${withdrawn ? 'now()' : 'null'} from unnest(?::uuid[]) as person
       on conflict (plan_id, person_id) do update set withdrawn_at = excluded.withdrawn_at, school_id = excluded.school_id,
         way = excluded.way, taken_at = now(), updated_at = now()`,
      [id, school, ends_on, by, [...people]] as unknown as string[],
    );
  }
}
