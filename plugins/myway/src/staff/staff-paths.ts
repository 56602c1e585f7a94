import { forbidden, notFound } from '@ilearn/core';
import type { Dependencies } from '../dependencies.js';
import type { StaffPath, StaffPaths } from '../exports.js';
import type { PathRow } from '../paths/model.js';
import type { PathShapes } from '../paths/shapes.js';
import { stepsForPupils } from '../paths/shapes.js';
import { conflicting } from '../problems.js';
import { startOf } from '../trail/address.js';
import type { Milestones } from '../trail/milestones.js';

/** `myway.staffPaths`: paths that are meant for colleagues, each of whom follows them alone. */
export class StaffPathService implements StaffPaths {
  private readonly knex;
  private readonly principal;
  private readonly pathShapes;
  private readonly milestones;

  constructor({ knex, principal, pathShapes, milestones }: Dependencies & { pathShapes: PathShapes; milestones: Milestones }) {
    this.knex = knex;
    this.principal = principal;
    this.pathShapes = pathShapes;
    this.milestones = milestones;
  }

  async list(limit: number): Promise<StaffPath[]> {
    return this.visible().orderByRaw('title, id').limit(Math.min(limit, 500)).select('id', 'title', 'language');
  }

  async get(id: string): Promise<StaffPath | null> {
    return (await this.visible().where({ id }).first('id', 'title', 'language')) ?? null;
  }

  async start(
    personId: string,
    pathId: string,
    school: string,
  ): Promise<{ assignmentId: string; address: string; finished: boolean }> {
    const { kind, id, tenants } = this.principal;
    if (kind !== 'system' && personId !== id) throw forbidden('People begin a path for themselves.');
    if (tenants !== '*' && !tenants.includes(school)) throw notFound();
    const place = { learner_id: personId, path_id: pathId };
    // Who has begun goes on, also after the path was removed or is for pupils now.
    const begun = await this.knex('assignments').where(place).first('id');
    if (begun !== undefined) {
      await this.knex('assignments').where({ id: begun.id }).update({ ended_at: null, updated_at: this.knex.fn.now() });
      const finished = await this.milestones.isFinished({ assignmentId: begun.id, pupilId: personId, school });
      return { assignmentId: begun.id, address: startOf({ id: begun.id, learner_id: personId }), finished };
    }
    const row: PathRow | undefined = await this.visible().where({ id: pathId }).first();
    if (row === undefined || (row.school_id !== null && row.school_id !== school)) throw notFound();
    if (!stepsForPupils(await this.pathShapes.of(row)).some(({ available }) => available))
      throw conflicting('nothing-for-pupils', 'This path has no step that can be done.');
    // Two requests at once make one.
    const [made] = await this.knex('assignments')
      .insert({ ...place, school_id: school, whole_class: false, assigned_by: id, announced_at: this.knex.fn.now() })
      .onConflict(this.knex.raw('(learner_id, path_id) where learner_id is not null'))
      .merge({ updated_at: this.knex.fn.now() })
      .returning('id');
    return { assignmentId: made.id, address: startOf({ id: made.id, learner_id: personId }), finished: false };
  }

  async addressesOf(personId: string, pathIds: readonly string[]): Promise<Map<string, string>> {
    const rows: { id: string; path_id: string }[] = await this.knex('assignments')
      .where({ learner_id: personId })
      .whereRaw('path_id = any(?::uuid[])', [[...pathIds]])
      .select('id', 'path_id');
    return new Map(rows.map(({ id, path_id }) => [path_id, startOf({ id, learner_id: personId })]));
  }

  private visible() {
    return this.knex('paths').where({ audience: 'staff' }).whereNull('deleted_at');
  }
}
