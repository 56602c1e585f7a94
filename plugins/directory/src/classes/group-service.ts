import { randomUUID } from 'node:crypto';
import { notFound, type Principal, Problem } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import { managesIn } from '../people/visibility.js';
import { currentYears } from '../schools/school-service.js';

export interface GroupInput {
  name: string;
  pupils: string[];
}

/**
 * Groups: sets of pupils that a teacher makes out of the classes that they teach. Only who made a group changes it; it holds only pupils whom
 * they still teach (the view `class_members`).
 */
export class GroupService {
  readonly #knex: Knex;
  readonly #principal: Principal;
  readonly #events: Dependencies['events'];

  constructor({ knex, principal, events }: Dependencies) {
    this.#knex = knex;
    this.#events = events;
    this.#principal = principal;
  }

  /** Whether the caller made this group. */
  async owns(id: string): Promise<boolean> {
    return (await this.#own(id)) !== undefined;
  }

  /** Whether the caller may remove this group. */
  async mayRemove(id: string): Promise<boolean> {
    return (await this.#removable(id)) !== undefined;
  }

  /** Pupils that the caller may put in a group: those of the classes that they teach in this school this year. */
  async candidates(school: string): Promise<string[]> {
    return this.#knex('class_members as pupil')
      .join('class_members as teacher', 'teacher.class_id', 'pupil.class_id')
      .join('classes', 'classes.id', 'pupil.class_id')
      .join(currentYears(this.#knex).as('year'), (on) => {
        on.on('year.school_id', 'classes.school_id').on('year.name', 'classes.school_year');
      })
      .where({ 'pupil.role': 'pupil', 'teacher.role': 'teacher', 'teacher.person_id': this.#principal.id })
      .where({ 'classes.kind': 'class', 'classes.school_id': school })
      .distinct()
      .pluck('pupil.person_id');
  }

  async create(school: string, { name, pupils }: GroupInput): Promise<string> {
    this.#check(pupils, await this.candidates(school));
    const year = await currentYears(this.#knex).where({ school_id: school }).first();
    const id = randomUUID();
    await this.#knex('classes').insert({
      id,
      school_id: school,
      kind: 'group',
      name,
      school_year: year.name,
      owner_id: this.#principal.id,
    });
    await this.#enrol(id, school, pupils);
    return id;
  }

  async update(id: string, { name, pupils }: GroupInput): Promise<void> {
    const group = await this.#own(id);
    if (group === undefined) throw notFound();
    this.#check(pupils, await this.candidates(group.school_id));
    await this.#knex('classes').where({ id }).update({ name, updated_at: this.#knex.fn.now() });
    await this.#knex('enrolments').where({ class_id: id }).delete();
    await this.#enrol(id, group.school_id, pupils);
  }

  /** The group is no longer there for anybody: `directory.group-removed` tells who has given it work. */
  async remove(id: string): Promise<void> {
    const group = await this.#removable(id);
    if (group === undefined) throw notFound();
    await this.#knex('classes').where({ id }).update({ active: false, updated_at: this.#knex.fn.now() });
    await this.#events.publish('group-removed', { school: group.school_id, groupId: id });
  }

  /** A group may be removed by whoever made it and whoever manages the school: its maker may have left. */
  async #removable(id: string): Promise<{ school_id: string } | undefined> {
    const group = await this.#knex('classes').where({ id, kind: 'group', active: true }).first('school_id', 'owner_id');
    const mine = group !== undefined && (group.owner_id === this.#principal.id || managesIn(this.#principal, group.school_id));
    return mine ? group : undefined;
  }

  #own(id: string): Promise<{ school_id: string } | undefined> {
    return this.#knex('classes').where({ id, kind: 'group', active: true, owner_id: this.#principal.id }).first('school_id');
  }

  #check(pupils: readonly string[], allowed: readonly string[]): void {
    const errors = pupils.flatMap((pupil, index) =>
      allowed.includes(pupil)
        ? []
        : [{ in: 'body' as const, pointer: `/pupils/${index}`, message: 'This is not a pupil of a class that you teach.' }],
    );
    if (errors.length === 0) return;
    throw new Problem({
      type: 'directory/not-your-pupil',
      status: 422,
      title: 'Not all of these are your pupils',
      detail: 'A group is made of pupils of the classes that you teach.',
      errors,
    });
  }

  async #enrol(id: string, school: string, pupils: readonly string[]): Promise<void> {
    const row = (person: string | null, role: string) => ({ school_id: school, class_id: id, person_id: person, role });
    await this.#knex('enrolments').insert([row(this.#principal.id, 'teacher'), ...pupils.map((pupil) => row(pupil, 'pupil'))]);
  }
}
