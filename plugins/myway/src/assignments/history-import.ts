import { randomUUID } from 'node:crypto';
import { forbidden } from '@ilearn/core';
import type { Knex } from 'knex';
import type { Dependencies } from '../dependencies.js';
import type { History, PastAssignment } from '../exports.js';
import type { PathRow } from '../paths/model.js';
import { type PathShape, type PathShapes, stepsForPupils } from '../paths/shapes.js';
import { invalid, PastRows } from './past-rows.js';
import { findOverlap } from './recipients.js';

/** Rows of one statement. On the embedded database, a larger statement would keep the process busy for too long. */
const chunk = 100;

interface ClassToFill {
  school: string;
  pupils: Set<string>;
  teachers: Set<string>;
}

/** `myway.history`: stores past assignments with their results, in a constant number of statements per class and per hundred rows. */
export class HistoryImport implements History {
  readonly #knex: Knex;
  readonly #principal: Dependencies['principal'];
  readonly #clock: Dependencies['clock'];
  readonly #directory: Dependencies['directory'];
  readonly #pathShapes: PathShapes;

  constructor({ knex, principal, clock, directory, pathShapes }: Dependencies & { pathShapes: PathShapes }) {
    this.#knex = knex;
    this.#principal = principal;
    this.#clock = clock;
    this.#directory = directory;
    this.#pathShapes = pathShapes;
  }

  async add(assignments: readonly PastAssignment[]): Promise<string[]> {
    if (this.#principal.kind !== 'system') throw forbidden('Only the portal itself adds assignments of the past.');
    const shapes = await this.#shapesOf(assignments);
    const classes = await this.#classesOf(assignments);
    const rows = new PastRows(this.#clock.now());
    const ids: string[] = [];
    for (const [index, assignment] of assignments.entries()) {
      const place = `/${index}`;
      const shape = shapes.get(assignment.pathId);
      if (shape === undefined) throw invalid(`${place}/pathId`, 'There is no such path.');
      const target = classes.get(assignment.classId);
      if (target === undefined) throw invalid(`${place}/classId`, 'There is no such class.');
      this.#check(assignment, shape, target, place);
      const id = randomUUID();
      ids.push(id);
      rows.add({ id, school: target.school, assignment, steps: shape.steps, place });
    }
    await this.#insert('assignments', rows.assignments);
    await this.#refuseOverlap(assignments, ids, classes);
    await this.#insert('results', rows.results);
    await this.#insert('attempts', rows.attempts);
    return ids;
  }

  #check({ byPersonId, results }: PastAssignment, shape: PathShape, target: ClassToFill, place: string): void {
    const { row } = shape;
    if (!target.teachers.has(byPersonId)) throw invalid(`${place}/byPersonId`, 'This person does not teach the class.');
    if (row.school_id !== null && (row.school_id !== target.school || row.owner_id !== byPersonId)) {
      throw invalid(`${place}/pathId`, 'The path is neither shared nor of this teacher in the school of the class.');
    }
    if (!stepsForPupils(shape).some((step) => step.available)) {
      throw invalid(`${place}/pathId`, 'This path has no step that pupils can do.');
    }
    for (const [index, { pupilId, step }] of results.entries()) {
      if (!target.pupils.has(pupilId)) throw invalid(`${place}/results/${index}/pupilId`, 'This pupil is not in the class.');
      const found = shape.steps[step];
      if (found === undefined || found.teacherOnly) {
        throw invalid(`${place}/results/${index}/step`, 'The path has no such step for pupils.');
      }
    }
  }

  /** A pupil may have a path only once at a time, also through two assignments of this import. */
  async #refuseOverlap(
    assignments: readonly PastAssignment[],
    ids: readonly string[],
    classes: ReadonlyMap<string, ClassToFill>,
  ): Promise<void> {
    // From the last: of two assignments of this import, the later one is at fault.
    for (const [index, { pathId, classId, endedAt }] of [...assignments.entries()].reverse()) {
      if (endedAt !== null) continue;
      const recipients = { pathId, classId, wholeClass: true, pupilIds: [...(classes.get(classId)?.pupils ?? [])] };
      const { pupilIds, sameClass } = await findOverlap(this.#knex, recipients, ids[index]);
      if (pupilIds.length > 0 || sameClass) throw invalid(`/${index}/classId`, 'Pupils of this class have this path already.');
    }
  }

  async #shapesOf(assignments: readonly PastAssignment[]): Promise<Map<string, PathShape>> {
    const rows: PathRow[] = await this.#knex('paths')
      .whereIn('id', [...new Set(assignments.map(({ pathId }) => pathId))])
      .whereNull('deleted_at');
    return new Map((await this.#pathShapes.ofMany(rows)).map((shape) => [shape.row.id, shape]));
  }

  async #classesOf(assignments: readonly PastAssignment[]): Promise<Map<string, ClassToFill>> {
    const ids = [...new Set(assignments.map(({ classId }) => classId))];
    const pupils = await this.#directory.classes.pupilsOfMany(ids);
    const found = new Map<string, ClassToFill>();
    for (const [index, id] of ids.entries()) {
      const one = await this.#directory.classes.get(id);
      if (one === null) continue;
      const teachers = await this.#directory.classes.teachersOf(id);
      const idsOf = (people: readonly { id: string }[] = []) => new Set(people.map((person) => person.id));
      found.set(id, { school: one.school, pupils: idsOf(pupils[index]), teachers: idsOf(teachers) });
    }
    return found;
  }

  async #insert(table: string, rows: readonly object[]): Promise<void> {
    for (let at = 0; at < rows.length; at += chunk) await this.#knex(table).insert(rows.slice(at, at + chunk));
  }
}
