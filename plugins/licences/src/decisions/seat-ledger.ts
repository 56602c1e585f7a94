import type { Dependencies } from '../dependencies.js';
import { conflicting } from '../problems.js';

interface PlanRow {
  id: string;
  seats: number | null;
  ends_on: string;
}

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
   * @param people each once
   * @returns how many seats were taken
   * @throws Problem 409 `licences/full`, with how many seats are free and needed
   */
  async fill(plan: string, school: string, people: readonly string[]): Promise<number> {
    await this.lock([plan]);
    const [row] = await this.#knex('plans').where({ id: plan }).select<PlanRow[]>('id', 'seats', 'ends_on');
    if (row === undefined || people.length === 0) return 0;
    const held: string[] = await this.#knex('seats')
      .where({ plan_id: plan })
      .whereNull('withdrawn_at')
      .whereRaw('person_id = any(?::uuid[])', [[...people]])
      .pluck('person_id');
    const fresh = people.filter((person) => !held.includes(person));
    if (fresh.length === 0) return 0;
    const free = await this.#free(row, school);
    if (free !== null && fresh.length > free) {
      throw conflicting('full', `${fresh.length} seats are needed, and ${free} are free.`, { needed: fresh.length, free });
    }
    await this.#insert(row, school, fresh);
    return fresh.length;
  }

  /** Takes the seats of these people back: the next time, they cannot enter. Returns how many had one. */
  async takeBack(plan: string, school: string, people: readonly string[]): Promise<number> {
    await this.lock([plan]);
    return this.#knex('seats')
      .where({ plan_id: plan, school_id: school })
      .whereNull('withdrawn_at')
      .whereRaw('person_id = any(?::uuid[])', [[...people]])
      .update({ withdrawn_at: this.#knex.fn.now(), updated_at: this.#knex.fn.now() });
  }

  /** Seats of a plan go along to the plan that renews it, the first taken first, as many as fit. Returns how many did not fit. */
  async follow(from: string, to: string): Promise<number> {
    await this.lock([from, to]);
    const { rows } = await this.#knex.raw<{ rows: { person_id: string; school_id: string; withdrawn: boolean }[] }>(
      `select s.person_id, s.school_id, s.withdrawn_at is not null as withdrawn
       from seats s join grants g on g.plan_id = ?::uuid and g.school_id = s.school_id and g.withdrawn_at is null
       where s.plan_id = ?::uuid and not exists (select from seats o where o.plan_id = ?::uuid and o.person_id = s.person_id)
       order by s.taken_at, s.person_id`,
      [to, from, to],
    );
    const [row] = await this.#knex('plans').where({ id: to }).select<PlanRow[]>('id', 'seats', 'ends_on');
    if (row === undefined) return 0;
    let left = 0;
    const bySchool = new Map<string, { held: string[]; withdrawn: string[] }>();
    for (const { person_id, school_id, withdrawn } of rows) {
      const of = bySchool.get(school_id) ?? { held: [], withdrawn: [] };
      bySchool.set(school_id, of);
      of[withdrawn ? 'withdrawn' : 'held'].push(person_id);
    }
    for (const [school, { held, withdrawn }] of [...bySchool].sort()) {
      const free = await this.#free(row, school);
      const fitting = free === null ? held : held.slice(0, free);
      left += held.length - fitting.length;
      await this.#insert(row, school, fitting);
      // A seat that a school took back stays taken back.
      await this.#insert(row, school, withdrawn, true);
    }
    return left;
  }

  /** Null: as many as anybody wants. */
  async #free({ id, seats }: PlanRow, school: string): Promise<number | null> {
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
    const limits = [
      ...(seats === null ? [] : [seats - (counted?.used ?? 0)]),
      ...(grant?.most_seats == null ? [] : [grant.most_seats - (counted?.here ?? 0)]),
    ];
    return limits.length === 0 ? null : Math.max(0, Math.min(...limits));
  }

  async #insert({ id, ends_on }: PlanRow, school: string, people: readonly string[], withdrawn = false): Promise<void> {
    if (people.length === 0) return;
    await this.#knex.raw(
      `insert into seats (plan_id, person_id, school_id, ends_on, withdrawn_at)
       select ?::uuid, person, ?::uuid, ?::date, ${withdrawn ? 'now()' : 'null'} from unnest(?::uuid[]) as person
       on conflict (plan_id, person_id) do update
         set withdrawn_at = excluded.withdrawn_at, school_id = excluded.school_id, taken_at = now(), updated_at = now()`,
      [id, school, ends_on, [...people]] as unknown as string[],
    );
  }
}
