import { conflict, forbidden, type Principal, Problem } from '@ilearn/core';
import type { Knex } from 'knex';
import { ChangesToPublish } from '../changes-to-publish.js';
import type { Dependencies } from '../dependencies.js';
import { derivedId, madeEnrolmentId } from '../ids.js';
import { changed, type RolloverAtHand, type Rollovers } from './rollovers.js';
import { type Recorded, RowLog } from './row-log.js';
import type { RolloverRow } from './state.js';

/** For so many days, what was applied can be undone. */
export const undoDays = 14;
const dayMs = 24 * 60 * 60 * 1000;

/** Applies the turn of the school year of a school and undoes it, each in the current unit of work. Requires the system principal. */
export class Turning {
  readonly #knex: Knex;
  readonly #principal: Principal;
  readonly #access: Dependencies['access'];
  readonly #events: Dependencies['events'];
  readonly #locks: Dependencies['locks'];
  readonly #clock: Dependencies['clock'];
  readonly #log: Dependencies['log'];
  readonly #rollovers: Rollovers;

  constructor({ knex, principal, access, events, locks, clock, log, rollovers }: Dependencies & { rollovers: Rollovers }) {
    this.#knex = knex;
    this.#principal = principal;
    this.#access = access;
    this.#events = events;
    this.#locks = locks;
    this.#clock = clock;
    this.#log = log;
    this.#rollovers = rollovers;
  }

  /**
   * @param version of the plan that the caller saw
   * @throws Problem 409: `directory/rollover-changed` if something else would happen by now, `directory/rollover-early` before the summer
   * holidays, `directory/import-at-work`
   */
  async apply(school: string, version: string): Promise<void> {
    const atHand = await this.#begin(school);
    const { years, plan } = atHand;
    if (atHand.row?.applied_at != null || plan.version !== version) throw changed();
    if (!atHand.mayApply) throw tooEarly(years.applyFrom);
    const id = await this.#rowFor(school, atHand);
    const log = new RowLog(this.#knex, id, school);
    const changes = new ChangesToPublish();
    await this.#addYear(log, school, atHand);
    await this.#makeClasses(log, school, atHand, changes);
    await this.#endLeavers(log, school, { id, beginsOn: years.startsOn, leavers: plan.leavers }, changes);
    await this.#moveGroups(log, school, atHand, changes);
    const pairs = plan.classes.flatMap(({ id: from, whole }) => (whole === null ? [] : [{ from, to: whole.id }]));
    const now = this.#clock.now();
    await this.#knex('rollovers')
      .where({ id })
      .update({
        pairs: JSON.stringify(pairs),
        applied_at: now,
        undo_until: new Date(now.getTime() + undoDays * dayMs),
        updated_at: this.#knex.fn.now(),
      });
    await changes.publish(this.#events);
    await this.#events.publish('school-year-turned', { school, rolloverId: id });
    this.#log.info({ school, made: plan.made.length, leavers: plan.leavers.length }, 'school year turned');
  }

  /**
   * Puts every row back that applying wrote. What the school's own data changed since stays as it is. Place, role and person of a pupil come back together.
   *
   * @returns how many pupils who left the school stay away, as their place was changed since
   * @throws Problem 409: `directory/rollover-settled` after the declared time, or if it is not applied; `directory/rollover-overtaken` if the
   * classes that were made are in use by the school's own data, or have other members by now; `directory/import-at-work`
   */
  async undo(school: string, to: string): Promise<{ away: number }> {
    const { row, mayUndo, years } = await this.#begin(school);
    if (row?.applied_at == null || !mayUndo || years.to !== to) throw settled();
    const log = new RowLog(this.#knex, row.id, school);
    if (await log.isOvertaken()) throw overtaken();
    const changes = new ChangesToPublish();
    for (const one of await log.rowsOf('enrolments')) changes.enrolment('removed', school, enrolmentOf(one));
    for (const { row_id, before } of await log.rowsOf('classes'))
      changes.class(before === null ? 'removed' : 'changed', school, row_id);
    const left = (await log.rowsOf('memberships')).flatMap(({ person_id }) => (person_id === null ? [] : [person_id]));
    const back = await log.restore('memberships');
    const here: string[] = await this.#knex('memberships')
      .where({ school_id: school, active: true })
      .whereRaw('person_id = any(?::uuid[])', [left])
      .pluck('person_id');
    await log.restore('roles', here);
    await this.#bringBack(log, left, here);
    await log.restore('enrolments');
    await log.restore('classes');
    await this.#takeGroupsBack(school, row);
    await log.restore('school_years');
    const pupils = back.flatMap(({ person_id }) => (person_id === null ? [] : [person_id]));
    await this.#give(school, pupils, true);
    for (const pupil of pupils) changes.person('added', school, pupil);
    await log.clear();
    await this.#knex('rollover_leavers').where({ rollover_id: row.id }).delete();
    await this.#knex('rollovers').where({ id: row.id }).update({
      pairs: '[]',
      applied_at: null,
      undo_until: null,
      updated_at: this.#knex.fn.now(),
    });
    await changes.publish(this.#events);
    await this.#events.publish('school-year-restored', { school, rolloverId: row.id });
    const away = left.length - here.length;
    this.#log.info({ school, away }, 'turn of the school year undone');
    return { away };
  }

  async #begin(school: string): Promise<RolloverAtHand> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself turns the school year.');
    // The same lock as of imports, which change the same rows.
    if (!(await this.#locks.tryTake('import'))) throw conflict('directory/import-at-work', 'Another import is at work.');
    // Whoever keeps choices meanwhile holds the row.
    await this.#knex('rollovers').where({ school_id: school }).orderBy('id').forUpdate().select('id');
    return this.#rollovers.atHand(school);
  }

  async #rowFor(school: string, { row, years }: RolloverAtHand): Promise<string> {
    if (row !== undefined) return row.id;
    const [added] = await this.#knex('rollovers')
      .insert({ school_id: school, from_year: years.from, to_year: years.to })
      .returning('id');
    return added.id;
  }

  async #addYear(log: RowLog, school: string, { years }: RolloverAtHand): Promise<void> {
    if ((await this.#knex('school_years').where({ school_id: school, name: years.to }).first('id')) !== undefined) return;
    const id = derivedId('year', school, years.to);
    await log.write('school_years', [id], () =>
      this.#knex('school_years').insert({
        id,
        school_id: school,
        name: years.to,
        starts_on: years.startsOn,
        ends_on: years.endsOn,
      }),
    );
  }

  async #makeClasses(log: RowLog, school: string, { years, plan }: RolloverAtHand, changes: ChangesToPublish): Promise<void> {
    const classes = plan.made.map(({ id, name, grade, site }) => ({ id, name, grade, site }));
    const enrolments = plan.made.flatMap(({ id, pupils, teachers }) => [
      ...pupils.map((person) => ({ class: id, person, role: 'pupil' as const })),
      ...teachers.map((person) => ({ class: id, person, role: 'teacher' as const })),
    ]);
    const rows = enrolments.map((one) => ({ id: madeEnrolmentId(one.class, one.person, one.role), ...one }));
    await log.write(
      'classes',
      classes.map(({ id }) => id),
      () =>
        this.#knex.raw(
          `insert into classes (id, school_id, kind, name, school_year, site_id, grade)
           select id, ?, 'class', name, ?, site, grade
           from jsonb_to_recordset(?::jsonb) as r (id uuid, name text, site uuid, grade smallint)
           on conflict (id) do update set name = excluded.name, sourced_id = null, active = true, updated_at = now()`,
          [school, years.to, JSON.stringify(classes)],
        ),
    );
    await log.write(
      'enrolments',
      rows.map(({ id }) => id),
      () =>
        this.#knex.raw(
          `insert into enrolments (id, school_id, class_id, person_id, role, begins_on)
           select id, ?, class, person, role, ?::date
           from jsonb_to_recordset(?::jsonb) as r (id uuid, class uuid, person uuid, role text)
           on conflict (id) do update set active = true, begins_on = excluded.begins_on, ends_on = null, updated_at = now()`,
          [school, years.startsOn, JSON.stringify(rows)],
        ),
    );
    for (const { id } of classes) changes.class('added', school, id);
    for (const one of await log.rowsOf('enrolments')) changes.enrolment('added', school, enrolmentOf(one));
  }

  /** Ends the place of pupils in the school. Those whose data are restricted stay as they are. */
  async #endLeavers(
    log: RowLog,
    school: string,
    { id, beginsOn, leavers }: { id: string; beginsOn: string; leavers: readonly string[] },
    changes: ChangesToPublish,
  ): Promise<void> {
    const knex = this.#knex;
    const ofLeavers = (table: string) =>
      knex(table)
        .where({ school_id: school })
        .whereRaw('person_id = any(?::uuid[])', [[...leavers]]);
    const roles: string[] = await ofLeavers('roles').where({ role: 'pupil' }).pluck('id');
    await log.write('roles', roles, () => knex('roles').whereRaw('id = any(?::uuid[])', [roles]).delete());
    const ended = await log.write('memberships', leavers, () =>
      ofLeavers('memberships').where({ active: true }).update({ active: false, updated_at: knex.fn.now() }),
    );
    const gone = ended.flatMap(({ person_id }) => (person_id === null ? [] : [person_id]));
    await log.write('people', gone, () => this.#placePeople(gone));
    await knex.raw(
      `insert into rollover_leavers (rollover_id, person_id, school_id, begins_on)
       select ?::uuid, person, ?::uuid, ?::date from unnest(?::uuid[]) as person on conflict do nothing`,
      [id, school, beginsOn, gone] as unknown as string[],
    );
    await this.#give(school, gone, false);
    for (const pupil of gone) changes.person('removed', school, pupil);
  }

  /** Puts people back who are as they became and have their place again; of the others only where they are. */
  async #bringBack(log: RowLog, left: readonly string[], here: readonly string[]): Promise<void> {
    const same = new Set((await log.restore('people', here)).map(({ row_id }) => row_id));
    await this.#placePeople(left.filter((person) => !same.has(person)));
  }

  /** Makes the schools of people agree with the places that they have. */
  async #placePeople(people: readonly string[]): Promise<void> {
    await this.#knex.raw(
      `with placed as (
         select p.id, exists (select from memberships m where m.person_id = p.id and m.active) as active,
           coalesce(
             (select array_agg(m.school_id order by m.school_id) from memberships m where m.person_id = p.id and m.active),
             p.school_ids) as school_ids
         from people p where p.id = any(?::uuid[]))
       update people set updated_at = now(), active = placed.active, school_ids = placed.school_ids
       from placed where people.id = placed.id
         and (people.active <> placed.active or not (people.school_ids @> placed.school_ids and people.school_ids <@ placed.school_ids))`,
      [[...people]],
    );
  }

  /** A group that goes along keeps its id, and with it what was given to it. */
  async #moveGroups(log: RowLog, school: string, { years, plan }: RolloverAtHand, changes: ChangesToPublish): Promise<void> {
    const groups = plan.groups.flatMap(({ id, goesAlong }) => (goesAlong ? [id] : []));
    await log.write('classes', groups, () =>
      this.#knex('classes')
        .whereRaw('id = any(?::uuid[])', [groups])
        .update({ school_year: years.to, updated_at: this.#knex.fn.now() }),
    );
    for (const group of groups) changes.class('changed', school, group);
  }

  /** Groups that were changed since, and those that were made in a school year that goes. */
  async #takeGroupsBack(school: string, { id, from_year, to_year }: RolloverRow): Promise<void> {
    const recorded = (source: string) => this.#knex('rollover_rows').where({ rollover_id: id, source });
    await this.#knex('classes')
      .where({ school_id: school, kind: 'group', school_year: to_year })
      .where((either) =>
        either
          .whereIn('id', recorded('classes').select('row_id'))
          .orWhereExists(recorded('school_years').whereNull('before').select('row_id')),
      )
      .update({ school_year: from_year, updated_at: this.#knex.fn.now() });
  }

  /** Gives people the role of a pupil in the school, or takes it; their other roles stay. */
  async #give(school: string, people: readonly string[], give: boolean): Promise<void> {
    const held = await this.#access.rolesOfMany([...people]);
    await this.#access.setRolesOfMany(
      held.map(({ personId, roles }) => {
        const others = roles.filter(({ tenant, role }) => tenant !== school || role !== 'pupil');
        return { personId, roles: give ? [...others, { tenant: school, role: 'pupil' }] : others };
      }),
    );
  }
}

const enrolmentOf = ({ before, after }: Recorded) => {
  const row = (after ?? before) as { class_id: string; person_id: string; role: 'pupil' | 'teacher' };
  return { classId: row.class_id, personId: row.person_id, role: row.role };
};

const tooEarly = (from: string): Problem =>
  new Problem({
    type: 'directory/rollover-early',
    status: 409,
    title: 'Too early',
    detail: `This can be applied from ${from} on. Until then your choices are kept.`,
  });
const settled = () => conflict('directory/rollover-settled', 'This can no longer be undone.');
const overtaken = () =>
  conflict(
    'directory/rollover-overtaken',
    'The classes of the new year are in use by the school’s own data by now. Change them there.',
  );
