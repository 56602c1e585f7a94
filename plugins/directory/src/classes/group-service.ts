import { randomUUID } from 'node:crypto';
import { notFound, type Principal, Problem } from '@ilearn/core';
import type { Knex } from 'knex';
import { ChangesToPublish } from '../changes-to-publish.js';
import type { Dependencies } from '../dependencies.js';
import type { Enrolment } from '../events.js';
import type { Groups } from '../exports.js';
import { managesIn } from '../people/visibility.js';
import { currentYears } from '../school-years.js';

export interface GroupInput {
  name: string;
  pupils: string[];
}

/**
 * Groups: sets of pupils that teachers choose from their classes. Only the owner may change a group. It only contains pupils whom the owner
 * still teaches (see the view `class_members`).
 */
export class GroupService implements Groups {
  readonly #knex: Knex;
  readonly #principal: Principal;
  readonly #events: Dependencies['events'];

  constructor({ knex, principal, events }: Dependencies) {
    this.#knex = knex;
    this.#events = events;
    this.#principal = principal;
  }

  /** Whether the caller owns this group. */
  async owns(id: string): Promise<boolean> {
    return (await this.#own(id)) !== undefined;
  }

  /** Whether the caller may remove this group. */
  async mayRemove(id: string): Promise<boolean> {
    return (await this.#removable(id)) !== undefined;
  }

  /** Pupils whom the caller may put in a group: those in the classes that they teach in this school this year. */
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
    const changes = new ChangesToPublish();
    changes.class('added', school, id);
    for (const enrolment of await this.#enrol(id, school, pupils)) changes.enrolment('added', school, enrolment);
    await changes.publish(this.#events);
    return id;
  }

  async update(id: string, { name, pupils }: GroupInput): Promise<void> {
    const group = await this.#own(id);
    if (group === undefined) throw notFound();
    const school = group.school_id;
    this.#check(pupils, await this.candidates(school));
    const changes = new ChangesToPublish();
    await this.#knex('classes').where({ id }).update({ name, updated_at: this.#knex.fn.now() });
    if (group.name !== name) changes.class('changed', school, id);
    const before = (await this.#knex('enrolments').where({ class_id: id }).delete().returning(['person_id', 'role'])).map(
      ({ person_id, role }): Enrolment => ({ classId: id, personId: person_id, role }),
    );
    const after = await this.#enrol(id, school, pupils);
    const without = (some: readonly Enrolment[], others: readonly Enrolment[]) => {
      const known = new Set(others.map(({ personId, role }) => `${personId} ${role}`));
      return some.filter(({ personId, role }) => !known.has(`${personId} ${role}`));
    };
    for (const enrolment of without(before, after)) changes.enrolment('removed', school, enrolment);
    for (const enrolment of without(after, before)) changes.enrolment('added', school, enrolment);
    await changes.publish(this.#events);
  }

  /** Removes the group for everyone. Publishes no events for its enrolments, because `directory.classes-removed` implies their removal. */
  async remove(id: string): Promise<void> {
    const group = await this.#removable(id);
    if (group === undefined) throw notFound();
    await this.#knex('classes').where({ id }).update({ active: false, updated_at: this.#knex.fn.now() });
    const changes = new ChangesToPublish();
    changes.class('removed', group.school_id, id);
    await changes.publish(this.#events);
    await this.#events.publish('group-removed', { school: group.school_id, groupId: id });
  }

  /** The group if its owner or a manager of the school asks. Managers may remove groups because owners may leave. */
  async #removable(id: string): Promise<{ school_id: string } | undefined> {
    const group = await this.#knex('classes').where({ id, kind: 'group', active: true }).first('school_id', 'owner_id');
    const mine = group !== undefined && (group.owner_id === this.#principal.id || managesIn(this.#principal, group.school_id));
    return mine ? group : undefined;
  }

  #own(id: string): Promise<{ school_id: string; name: string } | undefined> {
    return this.#knex('classes')
      .where({ id, kind: 'group', active: true, owner_id: this.#principal.id })
      .first('school_id', 'name');
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

  async #enrol(classId: string, school: string, pupils: readonly string[]): Promise<Enrolment[]> {
    const teacher = this.#principal.id;
    const enrolments: Enrolment[] = [
      ...(teacher === null ? [] : [{ classId, personId: teacher, role: 'teacher' as const }]),
      ...pupils.map((personId) => ({ classId, personId, role: 'pupil' as const })),
    ];
    await this.#knex('enrolments').insert(
      enrolments.map(({ personId, role }) => ({ school_id: school, class_id: classId, person_id: personId, role })),
    );
    return enrolments;
  }
}
