import { conflict, notFound, type Principal } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { RolloverSummary, Rollovers as RolloversExport } from '../exports.js';
import { isUuid, madeClassId } from '../ids.js';
import { today } from '../oneroster/importer.js';
import { type PersonRow, personColumns, summaryOf } from '../people/people-service.js';
import { mostMembers } from '../shapes.js';
import { type Outcome, type Plan, planRollover, type TeachersChoice } from './plan.js';
import { loadChoices, loadRollover, type RolloverRow, rolloverColumns, type Years, yearsAtHand } from './state.js';

/** What a school chooses, where it is not what is proposed. */
export interface Choices {
  teachers: TeachersChoice;
  paths: boolean;
  classes: { id: string; goes: Outcome }[];
  /** Null: with the class. */
  pupils: { classId: string; personId: string; goes: Outcome | null }[];
}

export interface RolloverAtHand {
  years: Years;
  row: RolloverRow | undefined;
  mayApply: boolean;
  mayUndo: boolean;
  plan: Plan;
}

/** The turn of the school year of a school: what is proposed, and what the school chose. */
export class Rollovers implements RolloversExport {
  readonly #knex: Knex;
  readonly #principal: Principal;
  readonly #clock: Dependencies['clock'];

  constructor({ knex, principal, clock }: Dependencies) {
    this.#knex = knex;
    this.#principal = principal;
    this.#clock = clock;
  }

  async get(id: string): Promise<RolloverSummary | null> {
    const row: RolloverRow | undefined = isUuid(id)
      ? await this.#knex('rollovers').where({ id }).first(rolloverColumns)
      : undefined;
    if (row === undefined) return null;
    const { school_id, from_year, to_year, paths, pairs, applied_at } = row;
    return { school: school_id, from: from_year, to: to_year, applied: applied_at !== null, paths, classes: pairs };
  }

  /** @throws Problem 404 for a school for which the caller does not act, or that has no school year */
  async atHand(school: string): Promise<RolloverAtHand> {
    await this.requireSchool(school);
    const now = this.#clock.now();
    const years = await yearsAtHand(this.#knex, school, today(now));
    if (years === null) throw notFound();
    const row = await this.#rowOf(school, years.to);
    const state = await loadRollover(this.#knex, school, years, today(this.#clock.now()));
    const plan = planRollover(state, await loadChoices(this.#knex, row), (name) => madeClassId(school, years.to, name));
    return {
      years,
      row,
      mayApply: row?.applied_at == null && today(now) >= years.applyFrom,
      mayUndo: row?.undo_until != null && row.undo_until > now,
      plan,
    };
  }

  /** Pupils of a class with where they go, if not with the class; null for those who do. */
  async pupilsOf(school: string, classId: string) {
    const { years, row } = await this.atHand(school);
    const { places } = await loadRollover(this.#knex, school, years, today(this.#clock.now()));
    const ids = places.flatMap(({ class_id, person_id, role }) => (class_id === classId && role === 'pupil' ? [person_id] : []));
    const people: PersonRow[] = await this.#knex('people')
      .whereRaw('people.id = any(?::uuid[])', [ids])
      .select(personColumns)
      .orderBy(['people.family_name', 'people.id'])
      .limit(mostMembers);
    const { pupils } = await loadChoices(this.#knex, row);
    return people.map((person) => ({
      person: summaryOf(person, this.#principal),
      goes: pupils.get(`${classId} ${person.id}`) ?? null,
    }));
  }

  /**
   * Replaces the choices of a school. What was chosen for pupils whom `pupils` does not name stays.
   *
   * @param version of the plan that the caller saw
   * @throws Problem 409 `directory/rollover-changed` if that is another one by now, or it is applied
   */
  async keep(school: string, version: string, choices: Choices): Promise<void> {
    const classes = [...new Map(choices.classes.map((one) => [one.id, one])).values()];
    const pupils = [...new Map(choices.pupils.map((one) => [`${one.classId} ${one.personId}`, one])).values()];
    const id = await this.#lock(school);
    const { years, row, plan } = await this.atHand(school);
    if (row?.id !== id || row.applied_at !== null || plan.version !== version) throw changed();
    const known = new Set<string>(
      await this.#knex('classes').where({ school_id: school, school_year: years.from, active: true }).pluck('id'),
    );
    if (![...classes.map((one) => one.id), ...pupils.map(({ classId }) => classId)].every((one) => known.has(one)))
      throw changed();
    const { teachers, paths } = choices;
    await this.#knex('rollovers').where({ id }).update({ teachers, paths, updated_at: this.#knex.fn.now() });
    await this.#knex('rollover_classes').where({ rollover_id: id }).delete();
    await this.#insert(
      'rollover_classes',
      id,
      school,
      classes.map(({ id: class_id, goes }) => ({ class_id, ...columnsOf(goes) })),
    );
    await this.#keepPupils(id, school, pupils);
  }

  /** Locks the choices for the turn at hand, which are made if there are none; returns their id. */
  async #lock(school: string): Promise<string> {
    await this.requireSchool(school);
    const years = await yearsAtHand(this.#knex, school, today(this.#clock.now()));
    if (years === null) throw notFound();
    const key = { school_id: school, to_year: years.to };
    await this.#knex('rollovers')
      .insert({ ...key, from_year: years.from })
      .onConflict(['school_id', 'to_year'])
      .ignore();
    return (await this.#knex('rollovers').where(key).forUpdate().first('id')).id;
  }

  async #keepPupils(id: string, school: string, pupils: Choices['pupils']): Promise<void> {
    const members: { class_id: string; person_id: string }[] = await this.#knex('enrolments')
      .where({ school_id: school, role: 'pupil', active: true })
      .whereRaw('class_id = any(?::uuid[])', [pupils.map(({ classId }) => classId)])
      .distinct('class_id', 'person_id');
    const known = new Set(members.map(({ class_id, person_id }) => `${class_id} ${person_id}`));
    if (!pupils.every(({ classId, personId }) => known.has(`${classId} ${personId}`))) throw changed();
    await this.#knex.raw(
      `delete from rollover_pupils where rollover_id = ? and (class_id, person_id) in (select * from unnest(?::uuid[], ?::uuid[]))`,
      [id, pupils.map(({ classId }) => classId), pupils.map(({ personId }) => personId)],
    );
    const rows = pupils.flatMap(({ classId, personId, goes }) =>
      goes === null ? [] : [{ class_id: classId, person_id: personId, ...columnsOf(goes) }],
    );
    await this.#insert('rollover_pupils', id, school, rows);
  }

  async #insert(table: string, rollover: string, school: string, rows: readonly object[]): Promise<void> {
    if (rows.length === 0) return;
    await this.#knex(table).insert(rows.map((row) => ({ rollover_id: rollover, school_id: school, ...row })));
  }

  #rowOf(school: string, to: string): Promise<RolloverRow | undefined> {
    return this.#knex('rollovers').where({ school_id: school, to_year: to }).first(rolloverColumns);
  }

  /** @throws Problem 404 for a school for which the caller does not act */
  async requireSchool(school: string): Promise<void> {
    const { tenants } = this.#principal;
    const mine = tenants === '*' || tenants.includes(school);
    if (!mine || (await this.#knex('schools').where({ id: school }).first('id')) === undefined) throw notFound();
  }
}

const columnsOf = (goes: Outcome) => ({ outcome: goes.outcome, to_name: goes.outcome === 'to' ? goes.name.trim() : null });

export const changed = () =>
  conflict('directory/rollover-changed', 'The classes or choices changed since you saw them. Look at them again.');
