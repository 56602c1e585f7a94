import type { z } from 'zod';
import type { Assignments } from '../assignments/service.js';
import type { Dependencies } from '../dependencies.js';
import { unacceptable } from '../problems.js';
import type { groupFromResults } from './model.js';
import type { Progress } from './service.js';

/** Groups of pupils made from their results at one step. */
export class ResultGroups {
  private readonly directory;
  private readonly assignments;
  private readonly progress;

  constructor({ directory, assignments, progress }: Dependencies & { assignments: Assignments; progress: Progress }) {
    this.directory = directory;
    this.assignments = assignments;
    this.progress = progress;
  }

  /**
   * Makes a group of the pupils whose score at the step is below a share of the maximum, or at least that. Pupils without a score are in
   * neither. The group stays as it is when results change.
   *
   * @throws 404 unless the caller follows the assignment, 422 if the step is not in the path or no pupil is meant
   */
  async make(
    assignmentId: string,
    { name, stepId, share, side }: z.output<typeof groupFromResults>,
  ): Promise<{ classId: string; pupils: number }> {
    const row = await this.assignments.followed(assignmentId);
    const { steps, rows } = await this.progress.board(assignmentId);
    const column = steps.findIndex(({ id }) => id === stepId);
    if (column < 0) throw unacceptable('step-unknown', '/stepId', 'This is not a step of the path.');
    const pupils = rows.flatMap(({ pupil, cells }) => {
      const score = cells[column]?.score;
      if (score === null || score === undefined) return [];
      const below = score.given / score.maximum < share;
      return below === (side === 'below') ? [pupil.id] : [];
    });
    if (pupils.length === 0) throw unacceptable('group-empty', '/share', 'No pupil has such a score at this step.');
    return { classId: await this.directory.groups.create(row.school_id, { name, pupils }), pupils: pupils.length };
  }
}
