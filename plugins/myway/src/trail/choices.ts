import type { AssignmentRow } from '../assignments/model.js';
import type { Dependencies } from '../dependencies.js';
import type { PathShape } from '../paths/shapes.js';
import type { Placement } from './result.js';

/** The ways that a teacher chose for a pupil, by id of the branch. */
export type Choices = ReadonlyMap<string, string>;

const none: Choices = new Map();

/** The ways through a path that teachers choose for single pupils. */
export class BranchChoices {
  private readonly knex;
  private readonly live;

  constructor({ knex, live }: Dependencies) {
    this.knex = knex;
    this.live = live;
  }

  /**
   * The choices for the pupils of these assignments, in one query, and in none if no path has a branch.
   *
   * @returns the choices for a pupil in an assignment
   */
  async of(
    rows: readonly Pick<AssignmentRow, 'id' | 'path_id'>[],
    shapes: ReadonlyMap<string, PathShape>,
    pupilId?: string,
  ): Promise<(assignmentId: string, pupilId: string) => Choices> {
    const branched = rows.filter((row) => shapes.get(row.path_id)?.row.blocks.some(({ kind }) => kind === 'branch'));
    if (branched.length === 0) return () => none;
    const stored: { assignment_id: string; pupil_id: string; block: string; arm: string }[] = await this.knex('branch_choices')
      .whereIn(
        'assignment_id',
        branched.map(({ id }) => id),
      )
      .where(pupilId === undefined ? {} : { pupil_id: pupilId })
      .select('assignment_id', 'pupil_id', 'block', 'arm');
    const found = new Map<string, Map<string, string>>();
    for (const { assignment_id, pupil_id, block, arm } of stored) {
      const key = `${assignment_id} ${pupil_id}`;
      found.set(key, (found.get(key) ?? new Map()).set(block, arm));
    }
    return (assignment, pupil) => found.get(`${assignment} ${pupil}`) ?? none;
  }

  /** Chooses the way for a pupil, or lets the branch decide again (null). Callers check that the path has this way. */
  async set({ school, assignmentId, pupilId }: Omit<Placement, 'stepId'>, block: string, arm: string | null): Promise<void> {
    const key = { assignment_id: assignmentId, block, pupil_id: pupilId };
    if (arm === null) await this.knex('branch_choices').where(key).delete();
    else {
      await this.knex('branch_choices')
        .insert({ ...key, school_id: school, arm, updated_at: this.knex.fn.now() })
        .onConflict(['assignment_id', 'block', 'pupil_id'])
        .merge();
    }
    await Promise.all([
      this.live.publish('board', { assignmentId }, { kind: 'result' }),
      this.live.publish('trail', { assignmentId, pupilId }, { kind: 'result' }),
    ]);
  }
}
