import type { Dependencies } from '../dependencies.js';

interface Moved {
  id: string;
  school_id: string;
  path_id: string;
  class_id: string;
}

/** Lets running assignments go along with classes that become one class of the next school year, and brings them back with what was given since. */
export class ClassTurns {
  readonly #knex: Dependencies['knex'];
  readonly #locks: Dependencies['locks'];
  readonly #events: Dependencies['events'];
  readonly #live: Dependencies['live'];
  readonly #directory: Dependencies['directory'];

  constructor({ knex, locks, events, live, directory }: Dependencies) {
    this.#knex = knex;
    this.#locks = locks;
    this.#events = events;
    this.#live = live;
    this.#directory = directory;
  }

  /** Makes assignments follow the turn of a school as it is now: events may come in any order, and twice. */
  async follow(rolloverId: string): Promise<void> {
    await this.#locks.take(`turn ${rolloverId}`);
    const turn = await this.#directory.rollovers.get(rolloverId);
    if (turn === null) return;
    if (turn.applied) await this.#note(rolloverId, turn.school, turn.classes);
    const moved = turn.applied && turn.paths ? await this.#goAlong(rolloverId, turn.classes) : await this.#comeBack(rolloverId);
    if (!turn.applied) moved.push(...(await this.#followBack(rolloverId)));
    for (const row of moved) {
      const payload = { school: row.school_id, assignmentId: row.id, pathId: row.path_id, classId: row.class_id };
      await this.#events.publish('assignment-changed', payload);
      await this.#live.publish('board', { assignmentId: row.id }, { kind: 'assignment' });
    }
  }

  async #note(rolloverId: string, school: string, classes: readonly { from: string; to: string }[]): Promise<void> {
    await this.#knex('turned_classes').where({ rollover_id: rolloverId }).delete();
    const rows = classes.map(({ from, to }) => ({ rollover_id: rolloverId, from_class: from, to_class: to, school_id: school }));
    if (rows.length > 0) await this.#knex.batchInsert('turned_classes', rows);
  }

  /**
   * What was given since to a class that goes is taken along by its pupils to the class that they came from. A class that stays, as the
   * school's own data brought it, keeps what it has. What was given to a class that was made of several stays with it, and is there again if
   * the turn is applied again.
   */
  async #followBack(rolloverId: string): Promise<Moved[]> {
    const noted: { from_class: string; to_class: string }[] = await this.#knex('turned_classes')
      .where({ rollover_id: rolloverId })
      .delete()
      .returning(['from_class', 'to_class']);
    const staying = new Set((await this.#directory.classes.getMany(noted.map(({ to_class }) => to_class))).map(({ id }) => id));
    const going = noted.filter(({ to_class }) => !staying.has(to_class));
    const { rows } = await this.#knex.raw<{ rows: Moved[] }>(
      `with back as (
         select to_class, (array_agg(from_class))[1] as from_class from jsonb_to_recordset(?::jsonb) as n (from_class uuid, to_class uuid)
         group by to_class having count(*) = 1
       )
       update assignments a set class_id = b.from_class, updated_at = now() from back b
       where a.class_id = b.to_class and a.ended_at is null and not exists (
         select from assignments o where o.class_id = b.from_class and o.path_id = a.path_id and o.ended_at is null)
       returning a.id, a.school_id, a.path_id, a.class_id`,
      [JSON.stringify(going)],
    );
    return rows;
  }

  /** A class has a path once, so the other assignments of that path stay with the class of last year. */
  async #goAlong(rolloverId: string, classes: readonly { from: string; to: string }[]): Promise<Moved[]> {
    const { rows } = await this.#knex.raw(
      `with going as (
         select distinct on (c."to", a.path_id) a.id, a.class_id as from_class, c."to" as to_class
         from jsonb_to_recordset(?::jsonb) as c ("from" uuid, "to" uuid)
         join assignments a on a.class_id = c."from" and a.ended_at is null
         where not exists (
           select from assignments other where other.class_id = c."to" and other.path_id = a.path_id and other.ended_at is null)
         order by c."to", a.path_id, a.created_at, a.id
       ), noted as (
         insert into turned_assignments (assignment_id, school_id, rollover_id, from_class)
         select g.id, a.school_id, ?, g.from_class from going g join assignments a on a.id = g.id
         on conflict (assignment_id) do update set rollover_id = excluded.rollover_id, from_class = excluded.from_class
       )
       update assignments a set class_id = g.to_class, updated_at = now() from going g where a.id = g.id
       returning a.id, a.school_id, a.path_id, a.class_id`,
      [JSON.stringify(classes), rolloverId],
    );
    return rows;
  }

  async #comeBack(rolloverId: string): Promise<Moved[]> {
    const { rows } = await this.#knex.raw(
      `with back as (
         delete from turned_assignments where rollover_id = ? returning assignment_id, from_class
       )
       update assignments a set class_id = b.from_class, updated_at = now() from back b where a.id = b.assignment_id
       returning a.id, a.school_id, a.path_id, a.class_id`,
      [rolloverId],
    );
    return rows;
  }
}
