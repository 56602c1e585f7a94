import { brusselsDay } from '../days/brussels.js';
import type { Dependencies } from '../dependencies.js';

/**
 * Hands licences out to classes of the next school year to which all pupils of a class go, and takes that back when the turn is undone. The
 * class of last year keeps them: until the next year begins, its pupils are only there. Requires the system principal.
 */
export class ClassTurns {
  readonly #knex: Dependencies['knex'];
  readonly #locks: Dependencies['locks'];
  readonly #clock: Dependencies['clock'];
  readonly #directory: Dependencies['directory'];

  constructor({ knex, locks, clock, directory }: Dependencies) {
    this.#knex = knex;
    this.#locks = locks;
    this.#clock = clock;
    this.#directory = directory;
  }

  /** Makes hand-outs follow the turn of a school as it is now: events may come in any order, and twice. */
  async follow(rolloverId: string): Promise<void> {
    await this.#locks.take(`turn ${rolloverId}`);
    const turn = await this.#directory.rollovers.get(rolloverId);
    if (turn === null) return;
    if (turn.applied) await this.#goAlong(rolloverId, turn.classes);
    else await this.#comeBack(rolloverId);
  }

  async #goAlong(rolloverId: string, classes: readonly { from: string; to: string }[]): Promise<void> {
    await this.#knex.raw(
      `with going as (
         select k.plan_id, k.school_id, c."from" as from_class, c."to" as to_class
         from jsonb_to_recordset(?::jsonb) as c ("from" uuid, "to" uuid)
         join class_choices k on k.class_id = c."from"
         join plans p on p.id = k.plan_id and p.withdrawn_at is null and p.ends_on + p.grace_days >= ?::date
         where not exists (select from class_choices o where o.plan_id = k.plan_id and o.class_id = c."to")
       ), noted as (
         insert into turned_choices (plan_id, from_class, to_class, school_id, rollover_id)
         select plan_id, from_class, to_class, school_id, ?::uuid from going
         on conflict (plan_id, from_class) do update set to_class = excluded.to_class, rollover_id = excluded.rollover_id
       )
       insert into class_choices (plan_id, class_id, school_id) select distinct plan_id, to_class, school_id from going
       on conflict do nothing`,
      [JSON.stringify(classes), brusselsDay(this.#clock.now()), rolloverId],
    );
  }

  async #comeBack(rolloverId: string): Promise<void> {
    await this.#knex.raw(
      `with back as (delete from turned_choices where rollover_id = ?::uuid returning plan_id, to_class)
       delete from class_choices k using back b where k.plan_id = b.plan_id and k.class_id = b.to_class`,
      [rolloverId],
    );
  }
}
